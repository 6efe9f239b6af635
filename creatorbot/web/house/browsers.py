"""What a browser is called in a list of log-ins: "Firefox on an iPad". Only these words are kept, not what the browser sent."""

_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Vivaldi", "Vivaldi"),
    ("FxiOS", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_MACHINES = (
    ("iPad", "an iPad"),
    ("iPhone", "an iPhone"),
    ("Android", "Android"),
    ("Mac OS X", "a Mac"),
    ("Macintosh", "a Mac"),
    ("Windows", "Windows"),
    ("CrOS", "a Chromebook"),
    ("Linux", "Linux"),
)


def name_of(user_agent: str) -> str:
    """ "Safari on an iPad"; "a browser" when we cannot tell."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    machine = next((name for mark, name in _MACHINES if mark in user_agent), "")
    return f"{browser or 'a browser'} on {machine}" if machine else browser or "a browser"
