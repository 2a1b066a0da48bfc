"""rate_in_browser.py PAGE DOWNLOADS: uses a page of `piaa-batch rate` with four photos as a person would, with
keys and clicks in headless Chromium, and saves both tables into DOWNLOADS.

Exits with 77 where Chromium, its driver or Selenium is not installed. RATE_SCREENSHOTS=DIR keeps pictures."""
import os
import sys
import time

from browser import at, expect, expect_a_quiet_page, picture, press, start
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

page, downloads = sys.argv[1:]
pictures = os.environ.get("RATE_SCREENSHOTS")
browser = start(downloads, "1200,800")


def wait_for(file):
    for _ in range(100):
        if os.path.exists(file):
            return
        time.sleep(0.1)
    raise AssertionError(f"{file} was not saved")


try:
    browser.get("file://" + page)
    expect("count", at("count").text, "1 of 4")
    expect("undo with nothing done", at("undo").is_enabled(), False)
    size = browser.execute_script("const p = document.getElementById('photo'); return [p.naturalWidth, p.naturalHeight]")
    assert min(size) > 0, "the first photo does not show"
    picture("stars", pictures)

    # Stars: by key, by click, undone, skipped.
    press("4")
    expect("count", at("count").text, "2 of 4")
    browser.find_elements(By.CSS_SELECTOR, "#stars button")[1].click()
    expect("count", at("count").text, "3 of 4")
    press("u")
    expect("count after undo", at("count").text, "2 of 4")
    press("5", "s")
    expect("count after a skip", at("count").text, "4 of 4")
    press("9", "x")
    expect("count after other keys", at("count").text, "4 of 4")

    # The keyboard alone reaches every star.
    browser.execute_script("document.querySelector('#stars button').focus()")
    press(Keys.TAB)
    press(Keys.ENTER)
    assert at("done").is_displayed(), "the end does not show after the last photo"
    picture("end", pictures)

    # What was done outlives the page. Chromium stores it in another process, a moment after the page's own call.
    for _ in range(10):
        time.sleep(1)
        browser.refresh()
        if at("done").is_displayed():
            break
    assert at("done").is_displayed(), "a page opened again has forgotten the ratings"

    # Pairs: by key, by click, undone, skipped.
    at("mode-pairs").click()
    expect("count of pairs", at("count").text, "1 of 4")
    first = (at("left-photo").get_attribute("alt"), at("right-photo").get_attribute("alt"))
    press(Keys.ARROW_LEFT)
    second = (at("left-photo").get_attribute("alt"), at("right-photo").get_attribute("alt"))
    at("right").click()
    expect("count of pairs", at("count").text, "3 of 4")
    picture("pairs", pictures)
    at("skip").click()
    press("u", "u")
    expect("pair after undo", at("left-photo").get_attribute("alt"), second[0])
    press("b")

    at("finish").click()
    at("save-ratings").click()
    wait_for(os.path.join(downloads, "ratings.csv"))
    at("save-pairs").click()
    wait_for(os.path.join(downloads, "pairs.csv"))
    with open(os.path.join(downloads, "ratings.csv"), encoding="utf-8", newline="") as file:
        ratings = file.read()
    with open(os.path.join(downloads, "pairs.csv"), encoding="utf-8", newline="") as file:
        pairs = file.read()
    expect("text to copy", at("text").get_attribute("value"), ratings + "\n" + pairs)
    assert "adapt --ratings ratings.csv --pairs pairs.csv" in at("command").get_attribute("value")
    print("first pair:", first, "second pair:", second)

    expect_a_quiet_page()
finally:
    browser.quit()
