"""Scenario 1: a user logs in in one region, and the app shows it in another."""

from pytest_bdd import given, then, when

from steps.words import Items, sentence, time_of_day
from support.clock import Clock, Task
from support.page.workshop import Limits, Participant
from support.targets.global_table import GlobalTable
from support.verdicts.findings import Finding, Findings
from support.verdicts.history import Image, Read, Write
from support.verdicts.images import difference, in_words, same


@given("this profile of the participant is in both regions:")
def create_profile(items: Items, global_table: GlobalTable, participant: Participant, docstring: str) -> None:
    items.plan("profile", participant.item(docstring))
    items.creation("profile", global_table.region(global_table.regions[0]).put(items.planned["profile"]))
    global_table.agreement(items.key("profile"), within=120)


@when(sentence("the user logs in in {region:Region} at {moment}"), target_fixture="login")
def log_in(items: Items, global_table: GlobalTable, clock: Clock, region: str, moment: str) -> Write:
    (login,) = clock.run(
        log_in_later(items, global_table, region, moment, clock.seconds_until([time_of_day(moment)])[0])
    )
    return login


@then(sentence("the app in {region:Region} shows the login of {moment} in {origin:Region} within {limit:Duration}"))
def login_visible(
    items: Items, global_table: GlobalTable, findings: Findings, login: Write,
    region: str, moment: str, origin: str, limit: float,
) -> None:  # fmt: skip
    agreement = global_table.agreement(items.key("profile"), limit, [region])
    demand_login(region, agreement.image, moment, origin)
    delay = agreement.arrival(region)[1] - login.invoked
    findings.add(Finding("delay", f"{origin} to {region}: the login was visible after {delay:.2f} s"))


@then(sentence("the app in {region:Region} already shows the login of {moment} in {origin:Region}"))
def login_visible_at_once(items: Items, global_table: GlobalTable, region: str, moment: str, origin: str) -> None:
    demand_login(region, global_table.region(region).get(items.key("profile")), moment, origin)


@then(sentence("the app in {region:Region} still shows the previous login"))
def previous_login(items: Items, global_table: GlobalTable, region: str) -> None:
    problem = difference(items.planned["profile"], global_table.region(region).get(items.key("profile")))
    assert not problem, f"the profile in {region} is not the one with the previous login: {problem}"


@when(
    sentence("the app in {region:Region} reads the profile again and again for {seconds:Duration}"),
    target_fixture="reads",
)
def read_again(
    items: Items, global_table: GlobalTable, clock: Clock, limits: Limits, region: str, seconds: float
) -> list[Read]:
    started = clock.elapsed()
    clock.run(read_repeatedly(items, global_table, clock, limits, region, seconds))
    reads = global_table.history.reads(items.key("profile"), region)
    return [read for read in reads if read.invoked >= started]


@then("each read shows the previous login or the recent one, whole")
def one_whole_login(items: Items, login: Write, reads: list[Read]) -> None:
    """Never an attribute of the one with an attribute of the other."""
    for read in reads:
        problems = [difference(image, read.found) for image in (items.planned["profile"], login.left)]
        assert "" in problems, f"{read.region} shows a profile that no write left: {' or '.join(problems)}"


@then("once the recent login has been shown, the previous one does not come back")
def no_way_back(login: Write, reads: list[Read]) -> None:
    """The first read with the recent login divides them, and there has to be one."""
    recent = [same(read.found, login.left) for read in reads]
    region = reads[0].region
    assert True in recent, (
        f"{region} should show what {login.name} in {login.region} left, which was never shown in {len(reads)} reads: "
        f"the last one shows {in_words(reads[-1].found)}"
    )
    back = [read for read in reads[recent.index(True) :] if not same(read.found, login.left)]
    assert not back, (
        f"{region} had shown what {login.name} left, and {len(back)} later reads show something else, "
        f"the first {in_words(back[0].found)}: it went back to an older version"
    )


def log_in_later(items: Items, global_table: GlobalTable, region: str, moment: str, wait: float) -> Task[Write]:
    yield wait
    changes = {"last_login": f"2025-08-11T{moment}Z", "last_login_region": region}
    return global_table.region(region).update(items.key("profile"), changes, by="the login")


def read_repeatedly(
    items: Items, global_table: GlobalTable, clock: Clock, limits: Limits, region: str, seconds: float
) -> Task[None]:
    started = clock.elapsed()
    while clock.elapsed() - started < seconds:
        global_table.region(region).get(items.key("profile"))
        yield limits.polling


def demand_login(region: str, profile: Image | None, moment: str, origin: str) -> None:
    shown = (profile or {}).get("last_login"), (profile or {}).get("last_login_region")
    assert shown == (f"2025-08-11T{moment}Z", origin), (
        f"the app in {region} should show the login of {moment} in {origin}, and shows that of {shown[0]} in {shown[1]}"
    )
