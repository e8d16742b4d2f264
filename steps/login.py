"""Scenario 1: a user logs in in one region, and the app shows it in another."""

from pytest_bdd import parsers, then, when

from steps.changes import at_their_times
from steps.items import await_arrival
from steps.words import TYPES
from steps.world import World
from support.verdicts.errors import NotArrivedError, WrongVersionError
from support.verdicts.history import Read, Write
from support.verdicts.images import difference, in_words, same


@when(parsers.parse("the user logs in in {region:Region} at {moment}", TYPES), target_fixture="login")
def log_in(world: World, region: str, moment: str) -> Write:
    changes = {"last_login": f"2025-08-11T{moment}Z", "last_login_region": region}
    replica, key = world.table.region(region), world.key("profile")
    (login,) = at_their_times(world, [(moment, lambda: replica.update(key, changes, by="the login"))])
    return login


@then(
    parsers.parse(
        "the app in {region:Region} shows the login of {moment} in {origin:Region} within {limit:Duration}", TYPES
    )
)
def login_visible(world: World, login: Write, region: str, moment: str, origin: str, limit: float) -> None:
    world.findings.append(await_arrival(world, login, region, limit).finding())
    login_visible_at_once(world, region, moment, origin)


@then(parsers.parse("the app in {region:Region} already shows the login of {moment} in {origin:Region}", TYPES))
def login_visible_at_once(world: World, region: str, moment: str, origin: str) -> None:
    profile = world.get("profile", region) or {}
    shown = profile.get("last_login"), profile.get("last_login_region")
    if shown != (f"2025-08-11T{moment}Z", origin):
        raise WrongVersionError(
            f"the app in {region} should show the login of {moment} in {origin}, "
            f"and shows that of {shown[0]} in {shown[1]}"
        )


@then(parsers.parse("the app in {region:Region} still shows the previous login", TYPES))
def previous_login(world: World, region: str) -> None:
    problem = difference(world.created["profile"].left, world.get("profile", region))
    if problem:
        raise WrongVersionError(f"the profile in {region} is not the one with the previous login: {problem}")


@when(
    parsers.parse("the app in {region:Region} reads the profile again and again for {seconds:Duration}", TYPES),
    target_fixture="reads",
)
def read_profile(world: World, region: str, seconds: float) -> list[Read]:
    return read_again(world, "profile", region, seconds)


@then("each read shows the previous login or the recent one, whole")
def one_whole_login(world: World, login: Write, reads: list[Read]) -> None:
    """Never an attribute of the one with an attribute of the other."""
    for read in reads:
        problems = [difference(write.left, read.found) for write in (world.created["profile"], login)]
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


def read_again(world: World, name: str, region: str, seconds: float) -> list[Read]:
    started = world.clock.elapsed()
    while world.clock.elapsed() - started < seconds:
        world.get(name, region)
        world.clock.wait(world.limits.polling)
    return [read for read in world.table.history.reads(world.key(name), region) if read.invoked >= started]
