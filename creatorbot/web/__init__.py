"""The pages: a thin Flask application over the domain, and the front door for links."""

from flask import Flask
from flask_wtf import CSRFProtect

from creatorbot import paths
from creatorbot.runtime import Runtime
from creatorbot.web import blueprints
from creatorbot.web.house import cookies, errors, headers, hosts, numbers, showing

LARGEST_FORM = 12 * 1024 * 1024  # a cover typed in by hand, and what is around it


def create_app(runtime: Runtime) -> Flask:
    """The application for this runtime. Starts nothing and reads no row."""
    app = Flask(__name__, static_folder=str(paths.static()), template_folder=str(paths.templates()))
    app.extensions["creatorbot"] = runtime
    app.config.update(
        SECRET_KEY=runtime.cookie_key,
        MAX_CONTENT_LENGTH=LARGEST_FORM,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        SESSION_COOKIE_NAME="creatorbot_form",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=runtime.settings.behind_https,
        WTF_CSRF_TIME_LIMIT=None,
        TEMPLATES_AUTO_RELOAD=False,
    )
    app.session_interface = cookies.QuietSession()
    numbers.install(app)
    hosts.install(app)
    csrf = CSRFProtect(app)
    cookies.install(app)
    headers.install(app)
    errors.install(app)
    showing.install(app)
    blueprints.install(app, csrf)
    return app
