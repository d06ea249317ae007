"""What keeps somebody from using a page: found by axe, by measuring where things stand, and by walking it with the keyboard."""

from typing import Any

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import ViewportSize

from tests.browser.window import Window

WIDE, NARROW = ViewportSize(width=1280, height=800), ViewportSize(width=320, height=640)
AT_200_PERCENT = ViewportSize(width=640, height=400)
"""What a window of 1280 by 800 is at 200 %."""
SIZES = {"1280": WIDE, "640": AT_200_PERCENT, "320": NARROW}

COLOURS = {"resultTypes": ["violations"], "runOnly": ["color-contrast", "link-in-text-block"]}
ALL = {"resultTypes": ["violations"]}


async def barriers(window: Window, options: dict[str, Any] = ALL) -> list[str]:
    """What axe finds, however slight. It runs in the page by the debugger's own way in, which the page's policy leaves alone."""
    results = await Axe().run(window.page, options=options)
    return [
        f"{found['impact']} {found['id']}: {node['html'][:200]} {node['failureSummary']}"
        for found in results.response["violations"]
        for node in found["nodes"]
    ]


async def too_wide(window: Window, size: ViewportSize) -> list[str]:
    """What reaches over the right edge at this size, where the page would have to be scrolled sideways."""
    await window.page.set_viewport_size(size)
    if await window.run("document.documentElement.scrollWidth") <= size["width"]:
        return []
    script = """(width) => [...document.querySelectorAll("main *, header *, footer *")]
        .filter((one) => one.getBoundingClientRect().right > width + 1).map((one) => one.outerHTML.slice(0, 160))"""
    return [*await window.run(script, size["width"]), f"wider than {size['width']}"]


_CUT_OFF = """() => [...document.querySelectorAll("main *, header *, footer *")].filter((one) => {
    const style = getComputedStyle(one);
    if (one.closest(".unseen, svg, .scroll, .menu-panel") || !one.checkVisibility()) return false;
    if (!one.textContent.trim() || style.display === "inline") return false;
    if (style.textOverflow === "ellipsis") return false; // shortened on purpose; the whole is in the menu
    const hides = style.overflowX !== "visible" || style.overflowY !== "visible";
    const spills = one.scrollWidth > one.clientWidth + 1;
    const box = one.matches("button, .button, .badge, input, select, h1, h2, h3, code");
    return (spills && (hides || box)) || (hides && one.scrollHeight > one.clientHeight + 2 && !one.matches("textarea, select"));
}).map((one) => "cut off: " + one.outerHTML.slice(0, 160))"""

_OVERLAPPING = """() => {
    const texts = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const node = walker.currentNode;
        const parent = node.parentElement;
        if (!node.data.trim() || !parent.checkVisibility() || parent.closest(".unseen, .skip, .menu-panel")) continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        for (const rect of range.getClientRects()) if (rect.width > 1) texts.push([node, rect]);
    }
    const found = [];
    for (let i = 0; i < texts.length; i++) for (let j = i + 1; j < texts.length; j++) {
        const [one, a] = texts[i], [other, b] = texts[j];
        if (one === other) continue;
        const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (across > 2 && down > 5) found.push(`overlapping: ${one.data.trim().slice(0, 60)} | ${other.data.trim().slice(0, 60)}`);
    }
    return found;
}"""


async def crowded(window: Window, size: ViewportSize) -> list[str]:
    """What cannot be read at this size: too wide, cut off, or with other text across it."""
    found = await too_wide(window, size)
    return [*found, *await window.run(_CUT_OFF), *await window.run(_OVERLAPPING)]


async def crowded_with_large_text(window: Window) -> list[str]:
    """The same for whoever has set letters of twice the size, in a window of half the width."""
    await window.run("document.documentElement.style.fontSize = '200%'")
    found = await crowded(window, AT_200_PERCENT)
    await window.run("document.documentElement.style.fontSize = ''")
    return found


_CONTROLS = """() => {
    const all = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")];
    const stops = all.filter((one) => {
        if (one.disabled || one.type === "hidden" || !one.checkVisibility({ visibilityProperty: true })) return false;
        if (one.type !== "radio") return true;
        const group = all.filter((other) => other.type === "radio" && other.name === one.name && other.form === one.form);
        return one === (group.find((other) => other.checked) ?? group[0]);
    });
    stops.forEach((one, number) => (one.dataset.stop = number));
    return stops.map((one) => one.outerHTML.slice(0, 120));
}"""

_FOCUSED = """() => {
    const one = document.activeElement;
    if (one === document.body) return null;
    const style = getComputedStyle(one), box = one.getBoundingClientRect();
    const seen = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    const inside = box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    return { stop: Number(one.dataset.stop ?? -1), seen, inside, what: one.outerHTML.slice(0, 120) };
}"""


def _in_parts(control: str) -> bool:
    """Whether a control has several stops: the year, the month and so on."""
    return 'type="datetime-local"' in control or 'type="date"' in control


async def hard_by_keyboard(window: Window) -> list[str]:
    """Press Tab from the top to the end: every control is a stop, in the order of the page, in sight, with a mark that can be seen."""
    await window.run("() => { document.activeElement.blur(); scrollTo(0, 0); getSelection().removeAllRanges(); }")
    controls = await window.run(_CONTROLS)
    found: list[str] = []
    reached: list[int] = []
    parts = 8 * sum(_in_parts(control) for control in controls)
    for _ in range(len(controls) + 1 + parts):
        await window.keys("Tab")
        focused = await window.run(_FOCUSED)
        if focused and reached and focused["stop"] == reached[-1] and _in_parts(focused["what"]):
            continue
        if focused is None or focused["stop"] in reached:
            break
        reached.append(focused["stop"])
        if not focused["seen"]:
            found.append(f"no mark of focus: {focused['what']}")
        if not focused["inside"]:
            found.append(f"focus out of sight: {focused['what']}")
    found += [f"not reached: {control}" for number, control in enumerate(controls) if number not in reached]
    if reached != sorted(reached):
        found.append(f"out of order: {reached}")
    return found
