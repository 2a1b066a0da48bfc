"""report_in_browser.py PAGE DOWNLOADS: uses a page of `piaa-batch score --report` with six photos as a person would,
with keys and clicks in headless Chromium, and saves a CSV into DOWNLOADS.

The photos are a.jpg to f.jpg in the order of their scores 2.0 to 7.0, each with its own stars but the last, which is
flagged; the first one's name would run a script if it could. Exits with 77 where Chromium, its driver or Selenium is not
installed. REPORT_SCREENSHOTS=DIR keeps pictures."""
import os
import sys
import time

from browser import at, expect, expect_a_quiet_page, picture, press, start
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

page, downloads = sys.argv[1:]
pictures = os.environ.get("REPORT_SCREENSHOTS")
browser = start(downloads, "1300,900")


def order():
    """The first letters of the photos on the screen, in reading order."""
    return browser.execute_script("""
        return [...document.querySelectorAll('#grid .cell')]
            .sort((a, b) => parseInt(a.style.top) - parseInt(b.style.top) || parseInt(a.style.left) - parseInt(b.style.left))
            .map(cell => cell.querySelector('.name').textContent.split('/').pop()[0]).join('')""")


def cell(letter):
    for each in browser.find_elements(By.CSS_SELECTOR, "#grid .cell"):
        if each.find_element(By.CLASS_NAME, "name").text.split("/")[-1].startswith(letter):
            return each
    raise AssertionError(f"photo {letter} is not on the screen")


def fill(name, text):
    at(name).clear()
    at(name).send_keys(text)


try:
    browser.get("file://" + page)
    expect("order at first", order(), "fedcba")
    time.sleep(0.2)
    sizes = browser.execute_script("return [...document.querySelectorAll('#grid img')].map(i => i.naturalWidth)")
    assert min(sizes) > 0, "a photo does not show"
    picture("grid", pictures)

    # Sort.
    at("turn").click()
    expect("order turned", order(), "abcdef")
    Select(at("sort")).select_by_visible_text("Spread")
    expect("order by spread", order(), "abcdef")
    at("turn").click()
    Select(at("sort")).select_by_visible_text("Score")

    # Filter by range, exact stars, flags and name.
    fill("low", "3"); fill("high", "5")
    expect("from 3 to 5", order(), "dcb")
    fill("low", "1"); fill("high", "10")
    buttons = at("stars").find_elements(By.TAG_NAME, "button")
    buttons[2].click()
    expect("exactly 2 stars", order(), "b")
    buttons[4].click()
    expect("2 or 4 stars", order(), "db")
    buttons[2].click(); buttons[4].click()
    Select(at("flagged")).select_by_value("yes")
    expect("flagged", order(), "f")
    Select(at("flagged")).select_by_value("")
    fill("search", "c.jpg")
    expect("by name", order(), "c")
    fill("search", "nothing has this name")
    assert at("nothing").is_displayed(), "an empty page does not say so"
    at("search").clear(); at("search").send_keys(Keys.SPACE, Keys.BACKSPACE)
    press(Keys.ESCAPE)
    expect("all again", order(), "fedcba")

    # Select by click and by key, compare, drop one.
    cell("e").click()
    press(Keys.ARROW_RIGHT, Keys.SPACE, Keys.ARROW_RIGHT, Keys.SPACE)
    expect("count", at("count").text, "6 of 6, 3 selected")
    press("c")
    assert at("large").is_displayed(), "compare does not open"
    expect("side by side", len(at("row").find_elements(By.TAG_NAME, "img")), 3)
    picture("compare", pictures)
    at("row").find_elements(By.TAG_NAME, "button")[2].click()
    expect("side by side after dropping one", len(at("row").find_elements(By.TAG_NAME, "img")), 2)
    press(Keys.ESCAPE)
    assert not at("large").is_displayed(), "Esc does not close"
    press(Keys.ENTER)
    expect("large", len(at("row").find_elements(By.TAG_NAME, "img")), 1)
    press(Keys.ESCAPE)

    at("save").click()
    for _ in range(100):
        if os.path.exists(os.path.join(downloads, "selection.csv")):
            break
        time.sleep(0.1)

    expect_a_quiet_page()
finally:
    browser.quit()
