"""The addresses of all pages, found by their links."""

from browser.lab import TOKEN
from playwright.sync_api import Page

__all__ = ["page_addresses", "sign_in"]

BESIDE = ("/status", "/health", "/sign-in", "/no-such-page", "/?window=15m")
"""Pages to which no entry of the navigation leads."""


def page_addresses(page: Page) -> dict[str, str]:
    """Return the address of each kind of page by a name: the navigation, and a first page below each of its entries."""
    page.goto("/")
    entries = [link.get_attribute("href") or "" for link in page.locator("body > header nav a").all()]
    found = {_name(each): each for each in [*entries, *BESIDE]}
    for entry in entries:
        if entry == "/":
            continue
        page.goto(entry)
        causes = page.locator("main a[href*='cause=']")
        if causes.count() > 0:
            found[f"{_name(entry)}-cause"] = causes.first.get_attribute("href") or ""
            page.goto(found[f"{_name(entry)}-cause"])
        below = page.locator(f"main :is(table, ol) a[href^='{entry}/']")
        if below.count() > 0:
            found[f"{_name(entry)}-one"] = below.first.get_attribute("href") or ""
    return found


def sign_in(page: Page) -> None:
    """Give the token, as an operator does."""
    page.goto("/sign-in")
    page.get_by_label("Token").fill(TOKEN)
    page.get_by_role("button", name="sign in").click()
    page.wait_for_url("**/")


def _name(address: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in address).strip("-") or "overview"
