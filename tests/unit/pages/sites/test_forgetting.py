"""The state of sites stays small."""

from support.site_world import SiteWorld, a_request

DAY_SECONDS = 86_400.0


def test_a_site_that_was_not_visited_for_a_month_is_forgotten_with_all_its_parts() -> None:
    world = SiteWorld().ask(a_request(), a_request("https://other.example/1")).run(100)
    for _ in range(40):
        world.run(DAY_SECONDS / 2).ask(a_request(f"https://other.example/{world.now}")).run(DAY_SECONDS / 2)
    sites = {site for site, _, _ in world.sites.table.parts()}
    assert sites == {"other.example"}


def test_a_site_with_something_waiting_is_kept() -> None:
    world = SiteWorld(latency_seconds=50 * DAY_SECONDS).ask(a_request(patient=True)).run(40 * DAY_SECONDS)
    assert ("news.example", "request", "https://news.example/1") in set(world.sites.table.parts())
