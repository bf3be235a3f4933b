"""Take the pictures of the main pages anew, with `python -m docs.screenshots ADDRESS` beside a service.

They show a record with meetings ahead; docs/screenshots/README.md says which. Small JPEG files, so that the
history of the project stays light.
"""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

FOLDER = Path(__file__).parent / "screenshots"
PAGES = {
    "home": "/",
    "month": "/calendar/2026/12",
    "year": "/calendar/2017",
    "mechanisms": "/mechanisms",
    "mechanism": "/mechanisms/bali-process",
    "meeting": "/meetings/bali-process-2026-senior-officials",
    "state": "/countries/zm",
    "documents": "/documents",
    "search": "/search?q=puebla",
    "about": "/about/what-they-are",
}
NARROW = ("home", "month", "mechanism")
DARK = ("home", "month")


def main() -> None:
    """Take every page at 1280 pixels, some at 390, some in dark."""
    base = sys.argv[1]
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for width, height, scheme, names in (
            (1280, 1600, "light", tuple(PAGES)),
            (390, 1400, "light", NARROW),
            (1280, 1600, "dark", DARK),
        ):
            page = browser.new_page(
                viewport={"width": width, "height": height},
                color_scheme="dark" if scheme == "dark" else "light",
                reduced_motion="reduce",
            )
            for name in names:
                page.goto(base + PAGES[name])
                file = FOLDER / f"{name}-{width}-{scheme}.jpg"
                page.screenshot(path=file, type="jpeg", quality=50)
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
