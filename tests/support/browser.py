"""What the programs share that use a page in headless Chromium as a person would. Importing it ends the program with 77
where Chromium, its driver or Selenium is not installed, and where "localhost" has no address (a system as debootstrap
leaves it has no /etc/hosts): Chromium and its driver talk to each other under that name."""
import os
import shutil
import socket
import sys
import time

try:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service
    from selenium.webdriver.common.by import By
except ImportError:
    sys.exit(77)

chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
if not chromium or not driver:
    sys.exit(77)
try:
    socket.getaddrinfo("localhost", None)
except OSError:
    sys.exit(77)

browser = None


def start(downloads, size):
    """The browser, with a window of size "WIDTH,HEIGHT", which saves files into the folder `downloads`."""
    global browser
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=" + size):
        options.add_argument(argument)
    options.add_experimental_option("prefs", {"download.default_directory": downloads})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    browser = webdriver.Chrome(service=Service(driver), options=options)
    return browser


def at(name):
    return browser.find_element(By.ID, name)


def press(*keys):
    for key in keys:
        browser.switch_to.active_element.send_keys(key)


def expect(what, found, wanted):
    assert found == wanted, f"{what} is {found!r} and should be {wanted!r}"


def picture(name, folder):
    """Keeps a picture of the page in the folder; nothing where that is None or empty."""
    if folder:
        time.sleep(0.3)
        browser.save_screenshot(os.path.join(folder, name + ".png"))


def expect_a_quiet_page():
    """Nothing was loaded from outside, nothing went wrong, and no name was taken for a script."""
    outside = browser.execute_script(
        "return performance.getEntriesByType('resource').map(e => e.name).filter(n => !n.startsWith('data:'))")
    expect("loads from outside", outside, [])
    problems = [entry["message"] for entry in browser.get_log("browser") if entry["level"] == "SEVERE"]
    expect("errors in the browser", problems, [])
    expect("scripts that names smuggled in", browser.execute_script("return window.smuggled || null"), None)
