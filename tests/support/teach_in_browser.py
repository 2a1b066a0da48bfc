"""teach_in_browser.py ADDRESS: uses the page of `piaa-batch teach` as a person would, with keys, clicks and drags in
headless Chromium. Exits with 77 where Chromium, its driver or Selenium is not installed. TEACH_SCREENSHOTS=DIR keeps
pictures."""
import os
import sys
import tempfile
import time

from browser import at, expect, picture, press, start
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

pictures = os.environ.get("TEACH_SCREENSHOTS")
browser = start(tempfile.gettempdir(), "1280,800")


def cards():
    return browser.execute_script("return [...document.querySelectorAll('.card')].map(card => card.dataset.photo)")


def wait_for_photos():
    """Copies of large photos take a moment to be made."""
    for _ in range(300):
        if browser.execute_script("return [...document.querySelectorAll('.card img')].every(p => p.naturalWidth > 0)"):
            return
        time.sleep(0.1)
    raise AssertionError("the photos of a question do not show")


def answered(act):
    """Runs what answers a question and waits for the next one."""
    before = (cards(), at("count").text)
    act()
    for _ in range(100):
        if (cards(), at("count").text) != before:
            return
        time.sleep(0.1)
    raise AssertionError("nothing came after an answer: " + at("error").text)


try:
    browser.get(sys.argv[1])
    answered(lambda: None) if not cards() else None
    expect("photos of a pair", len(cards()), 2)
    wait_for_photos()
    expect("undo with nothing done", at("undo").is_enabled(), False)
    picture("pair", pictures)

    answered(lambda: press(Keys.ARROW_LEFT))
    answered(lambda: browser.find_elements(By.CLASS_NAME, "card")[1].click())
    third = cards()
    answered(lambda: press(Keys.ARROW_RIGHT))
    answered(lambda: press("u"))
    expect("pair after undo", sorted(cards()), sorted(third))

    # A key that is held answers once.
    pair, hold = cards(), {"key": "ArrowLeft", "code": "ArrowLeft", "windowsVirtualKeyCode": 37, "type": "rawKeyDown"}
    for _ in range(5):
        browser.execute_cdp_cmd("Input.dispatchKeyEvent", {**hold, "autoRepeat": True})
        time.sleep(0.1)
    expect("pair while a key is held", cards(), pair)

    # Another window answers the question that this one shows.
    other = browser.execute_script("""return fetch('answer', {method: 'POST', body: JSON.stringify(
        {mode: 'pairs', photos: arguments[0]})}).then(answer => answer.status)""", [int(photo) for photo in pair])
    expect("the first answer", other, 200)
    answered(lambda: press(Keys.ARROW_LEFT))
    assert "answered already" in at("error").text, at("error").text
    assert sorted(cards()) != sorted(pair), "a question that was answered stays"
    assert any("422" in entry["message"] for entry in browser.get_log("browser"))  # and forgets that it was logged
    answered(lambda: press("u"))

    # A mode that is chosen while an answer is under way comes after it.
    browser.execute_script("""window.promptly = window.fetch;
        window.fetch = (...all) => new Promise(go => setTimeout(go, 2000)).then(() => promptly(...all));""")
    press(Keys.ARROW_LEFT)
    at("mode-stars").click()
    expect("photos while an answer is under way", len(cards()), 2)
    for _ in range(100):
        if len(cards()) == 1:
            break
        time.sleep(0.1)
    expect("photos of the mode that was chosen", len(cards()), 1)
    expect("the mode that is shown", at("mode-stars").get_attribute("aria-pressed"), "true")
    browser.execute_script("window.fetch = window.promptly")
    answered(lambda: press("u"))

    answered(at("mode-orders").click)
    first = cards()
    expect("photos of an order", len(first), 5)
    dragged, target = browser.find_elements(By.CLASS_NAME, "card")[0], browser.find_elements(By.CLASS_NAME, "card")[3]
    ActionChains(browser).click_and_hold(dragged).move_to_element(target).release().perform()
    moved = cards()
    expect("places after a drag", moved, first[1:4] + first[:1] + first[4:])
    browser.find_elements(By.CLASS_NAME, "card")[4].send_keys(Keys.ARROW_LEFT)
    expect("places after a key", cards(), first[1:4] + first[4:] + first[:1])
    wait_for_photos()
    picture("order", pictures)
    for width in 360, 600, 900, 1280, 1800:
        browser.set_window_size(width, 800)
        sizes = browser.execute_script("""return [...document.querySelectorAll('.card')].map(card => {
            const box = card.getBoundingClientRect();
            return [box.left, box.top, box.right, box.bottom, card.firstChild.clientWidth];
        })""")
        room = browser.execute_script("const box = document.getElementById('cards').getBoundingClientRect();"
                                      "return [box.left, box.top, box.right, box.bottom]")
        for left, top, right, bottom, photo in sizes:
            assert left >= room[0] - 1 and right <= room[2] + 1 and top >= room[1] - 1 and bottom <= room[3] + 1, width
            assert photo >= min(width, 1280) / 7, f"a photo of an order is {photo} pixels wide in a window of {width}"
        picture(f"order-{width}", pictures)
    browser.set_window_size(1280, 800)
    answered(at("done").click)

    answered(at("mode-stars").click)
    expect("photos to rate", len(cards()), 1)
    expect("stars that are filled before an answer", len(browser.find_elements(By.CSS_SELECTOR, "#stars .lit")), 0)
    third_star = browser.find_elements(By.CSS_SELECTOR, "#stars button")[2]
    ActionChains(browser).move_to_element(third_star).perform()
    expect("stars that are filled under the pointer", len(browser.find_elements(By.CSS_SELECTOR, "#stars .lit")), 3)
    answered(lambda: press("5"))
    assert at("surprises").find_elements(By.TAG_NAME, "li"), "the photo that was rated is not compared with what was expected"
    assert at("everyone").find_elements(By.TAG_NAME, "li") and at("you").find_elements(By.TAG_NAME, "li")
    wait_for_photos()
    picture("stars", pictures)

    outside = browser.execute_script(
        "return performance.getEntriesByType('resource').map(e => e.name).filter(n => !n.startsWith(location.origin))")
    expect("loads from outside", outside, [])
    problems = [entry["message"] for entry in browser.get_log("browser")
                if entry["level"] == "SEVERE" and "favicon" not in entry["message"]]
    expect("errors in the browser", problems, [])
    expect("scripts that names smuggled in", browser.execute_script("return window.smuggled || null"), None)
finally:
    browser.quit()
