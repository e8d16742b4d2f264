"""Scenario 1: a user logs in in one region, and the app shows it in another."""

from pytest_bdd import given, then, when

from steps.words import sentence, time_of_day
from steps.world import World
from support.clock import Task
from support.verdicts.errors import NotArrivedError, WrongVersionError
from support.verdicts.findings import Finding
from support.verdicts.history import Image, Read, Write
from support.verdicts.images import difference, in_words, same


@given("this profile of the participant is in both regions:")
def create_profile(world: World, docstring: str) -> None:
    world.items.plan("profile", world.participant.item(docstring))
    world.items.creation("profile", world.table.region(world.table.regions[0]).put(world.items.planned["profile"]))
    world.table.agreement(world.items.key("profile"), within=120)


@when(sentence("the user logs in in {region:Region} at {moment}"), target_fixture="login")
def log_in(world: World, region: str, moment: str) -> Write:
    (login,) = world.clock.run(log_in_later(world, region, moment, world.clock.seconds_until([time_of_day(moment)])[0]))
    return login


@then(sentence("the app in {region:Region} shows the login of {moment} in {origin:Region} within {limit:Duration}"))
def login_visible(world: World, login: Write, region: str, moment: str, origin: str, limit: float) -> None:
    agreement = world.table.agreement(world.items.key("profile"), limit, [region])
    demand_login(region, agreement.image, moment, origin)
    delay = agreement.arrival(region)[1] - login.invoked
    world.findings.add(Finding("delay", f"{origin} to {region}: the login was visible after {delay:.2f} s"))


@then(sentence("the app in {region:Region} already shows the login of {moment} in {origin:Region}"))
def login_visible_at_once(world: World, region: str, moment: str, origin: str) -> None:
    demand_login(region, world.table.region(region).get(world.items.key("profile")), moment, origin)


@then(sentence("the app in {region:Region} still shows the previous login"))
def previous_login(world: World, region: str) -> None:
    problem = difference(world.items.planned["profile"], world.table.region(region).get(world.items.key("profile")))
    if problem:
        raise WrongVersionError(f"the profile in {region} is not the one with the previous login: {problem}")


@when(
    sentence("the app in {region:Region} reads the profile again and again for {seconds:Duration}"),
    target_fixture="reads",
)
def read_again(world: World, region: str, seconds: float) -> list[Read]:
    started = world.clock.elapsed()
    world.clock.run(read_repeatedly(world, region, seconds))
    reads = world.table.history.reads(world.items.key("profile"), region)
    return [read for read in reads if read.invoked >= started]


@then("each read shows the previous login or the recent one, whole")
def one_whole_login(world: World, login: Write, reads: list[Read]) -> None:
    """Never an attribute of the one with an attribute of the other."""
    for read in reads:
        problems = [difference(image, read.found) for image in (world.items.planned["profile"], login.left)]
        if "" not in problems:
            raise WrongVersionError(f"{read.region} shows a profile that no write left: {' or '.join(problems)}")


@then("once the recent login has been shown, the previous one does not come back")
def no_way_back(login: Write, reads: list[Read]) -> None:
    """The first read with the recent login divides them, and there has to be one."""
    recent = [same(read.found, login.left) for read in reads]
    region = reads[0].region
    if True not in recent:
        raise NotArrivedError(
            f"{region} should show what {login.name} in {login.region} left, which was never shown in {len(reads)} "
            f"reads: the last one shows {in_words(reads[-1].found)}"
        )
    back = [read for read in reads[recent.index(True) :] if not same(read.found, login.left)]
    if back:
        raise WrongVersionError(
            f"{region} had shown what {login.name} left, and {len(back)} later reads show something else, "
            f"the first {in_words(back[0].found)}: it went back to an older version"
        )


def log_in_later(world: World, region: str, moment: str, wait: float) -> Task[Write]:
    yield wait
    changes = {"last_login": f"2025-08-11T{moment}Z", "last_login_region": region}
    return world.table.region(region).update(world.items.key("profile"), changes, by="the login")


def read_repeatedly(world: World, region: str, seconds: float) -> Task[None]:
    started = world.clock.elapsed()
    while world.clock.elapsed() - started < seconds:
        world.table.region(region).get(world.items.key("profile"))
        yield world.limits.polling


def demand_login(region: str, profile: Image | None, moment: str, origin: str) -> None:
    shown = (profile or {}).get("last_login"), (profile or {}).get("last_login_region")
    if shown != (f"2025-08-11T{moment}Z", origin):
        raise WrongVersionError(
            f"the app in {region} should show the login of {moment} in {origin}, "
            f"and shows that of {shown[0]} in {shown[1]}"
        )
