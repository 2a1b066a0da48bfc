"""rate_in_browser.py PAGE DOWNLOADS: uses a page of `piaa-batch rate` with four photos as a person would, with
keys and clicks in headless Chromium, and saves both tables into DOWNLOADS.

Exits with 77 where Chromium, its driver or Selenium is not installed. RATE_SCREENSHOTS=DIR keeps pictures."""
import os
import shutil
import sys
import time

try:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys
except ImportError:
    sys.exit(77)

chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
if not chromium or not driver:
    sys.exit(77)

page, downloads = sys.argv[1:]
options = webdriver.ChromeOptions()
options.binary_location = chromium
for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1200,800"):
    options.add_argument(argument)
options.add_experimental_option("prefs", {"download.default_directory": downloads})
options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
browser = webdriver.Chrome(service=Service(driver), options=options)


def at(name):
    return browser.find_element(By.ID, name)


def press(*keys):
    for key in keys:
        browser.switch_to.active_element.send_keys(key)


def expect(what, found, wanted):
    assert found == wanted, f"{what} is {found!r} and should be {wanted!r}"


def picture(name):
    if folder := os.environ.get("RATE_SCREENSHOTS"):
        time.sleep(0.3)
        browser.save_screenshot(os.path.join(folder, name + ".png"))


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
    picture("stars")

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
    picture("end")

    # What was done outlives the page.
    browser.refresh()
    assert at("done").is_displayed(), "a page opened again has forgotten the ratings"

    # Pairs: by key, by click, undone, skipped.
    at("mode-pairs").click()
    expect("count of pairs", at("count").text, "1 of 4")
    first = (at("left-photo").get_attribute("alt"), at("right-photo").get_attribute("alt"))
    press(Keys.ARROW_LEFT)
    second = (at("left-photo").get_attribute("alt"), at("right-photo").get_attribute("alt"))
    at("right").click()
    expect("count of pairs", at("count").text, "3 of 4")
    picture("pairs")
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

    outside = browser.execute_script(
        "return performance.getEntriesByType('resource').map(e => e.name).filter(n => !n.startsWith('data:'))")
    expect("loads from outside", outside, [])
    problems = [entry["message"] for entry in browser.get_log("browser") if entry["level"] == "SEVERE"]
    expect("errors in the browser", problems, [])
    expect("scripts that names smuggled in", browser.execute_script("return window.smuggled || null"), None)
finally:
    browser.quit()
