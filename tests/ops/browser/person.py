"""A person at a browser: opens pages, reads, clicks and types."""

from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support import expected_conditions as is_
from selenium.webdriver.support.wait import WebDriverWait

PATIENCE_SECONDS = 60


class Person:
    """Somebody at a browser, at the web UI of `url`. A page that does not come fails the test after a minute."""

    def __init__(self, browser: Chrome, url: str) -> None:
        self.browser = browser
        self.url = url

    def open(self, path: str) -> None:
        """Open a page of the web UI."""
        self.browser.get(self.url + path)

    def log_in(self, name: str, password: str) -> None:
        """Fill in the log-in page, which must be open, and send it."""
        self.find("#username").send_keys(name)
        self.find("#password").send_keys(password)
        self.click("input[type=submit]")

    def log_out(self) -> None:
        """Log out by the menu, and say that one is sure."""
        self.click("button[aria-label=User]")
        self.click("[role=menuitem][id$=logout]")
        self.click("[data-testid=confirmation-confirm-button]")

    def sees(self, text: str, place: str = "body", patience: float = PATIENCE_SECONDS) -> None:
        """Wait until a text stands in a place of the page, a CSS selector."""
        message = f"{text!r} did not come in {place!r} of {self.browser.current_url}"
        condition = is_.text_to_be_present_in_element((By.CSS_SELECTOR, place), text)
        WebDriverWait(self.browser, patience).until(condition, message)

    def sees_log_in_page(self) -> None:
        """Wait until the log-in page is open."""
        self.sees("Enter your login and password below")

    def complaints(self) -> list[str]:
        """What the browser held against the pages that were opened since this was last asked."""
        return [entry["message"] for entry in self.browser.get_log("browser") if entry["level"] == "SEVERE"]

    def find(self, place: str) -> WebElement:
        """Wait until an element is on the page and can be used; returns it."""
        condition = is_.element_to_be_clickable((By.CSS_SELECTOR, place))
        return WebDriverWait(self.browser, PATIENCE_SECONDS).until(condition, f"{place!r} did not come")

    def click(self, place: str) -> None:
        """Click at an element, once it is there."""
        self.find(place).click()
