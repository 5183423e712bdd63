"""What a person sees, as pixels; the browser decodes the pictures that it takes."""

import base64
from typing import Any

from selenium.webdriver import Chrome
from selenium.webdriver.remote.webelement import WebElement

# A colour is met where the sum over red, green and blue is this near: edges are blurred.
NEAR = 60

DECODED = """
    const decoded = (png, width, height) => new Promise((resolve, reject) => {
      const image = new Image();
      image.onerror = reject;
      image.onload = () => {
        const canvas = document.createElement("canvas");
        canvas.width = width || image.width;
        canvas.height = height || image.height;
        const context = canvas.getContext("2d");
        context.drawImage(image, 0, 0, canvas.width, canvas.height);
        resolve(context.getImageData(0, 0, canvas.width, canvas.height));
      };
      image.src = "data:image/png;base64," + png;
    });
"""

COLUMNS = f"""
    {DECODED}
    const [png, variable, near, done] = arguments;
    const probe = document.createElement("span");
    probe.style.color = `var(${{variable}})`;
    document.body.append(probe);
    const sought = getComputedStyle(probe).color.match(/\\d+/g).map(Number);
    probe.remove();
    decoded(png).then((picture) => {{
      const columns = new Array(picture.width).fill(0);
      for (let place = 0; place < picture.data.length; place += 4) {{
        const far = sought.reduce((sum, part, index) => sum + Math.abs(part - picture.data[place + index]), 0);
        columns[(place / 4) % picture.width] += far <= near ? 1 : 0;
      }}
      done(columns);
    }});
"""

DIFFERENCE = f"""
    {DECODED}
    const [one, other, done] = arguments;
    Promise.all([decoded(one, 140, 90), decoded(other, 140, 90)]).then(([first, second]) => {{
      const sum = first.data.reduce((total, part, index) => total + Math.abs(part - second.data[index]), 0);
      done(sum / first.data.length / 255);
    }});
"""


def columns(browser: Chrome, element: WebElement, colour: str) -> list[int]:
    """How many pixels of a colour, a variable of the style sheet, there are in each column of an element."""
    # A driver leaves out of an element's picture what is not in the window.
    browser.execute_script("arguments[0].scrollIntoView({ block: 'center' })", element)
    return browser.execute_async_script(COLUMNS, element.screenshot_as_base64, colour, NEAR)


def difference(browser: Chrome, one: bytes, other: bytes) -> float:
    """How different two pictures are when seen from afar: 0 for the same, 1 for black and white."""
    pictures: list[Any] = [base64.b64encode(picture).decode() for picture in (one, other)]
    return browser.execute_async_script(DIFFERENCE, *pictures)
