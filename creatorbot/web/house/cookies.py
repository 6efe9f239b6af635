"""The cookies: the log-in's secret, a signed one for forms and messages, and who has logged in here before. Public pages set none."""

from datetime import timedelta

from flask import Flask, Response, g, request, session
from flask.sessions import SecureCookieSessionInterface, SessionMixin

from creatorbot.artists import known, sessions
from creatorbot.errors import NotAllowed
from creatorbot.web import here

KNOWN = "creatorbot_known"
KNOWN_FOR = timedelta(days=400)  # longer is cut by browsers


class QuietSession(SecureCookieSessionInterface):
    """Flask's signed cookie, never written on public pages."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Keep it, unless the page is public."""
        if not here.is_public():
            super().save_session(app, session, response)


def remember(secret: str, login: str = "") -> None:
    """Give this browser a new log-in secret with the answer. "" takes it away. login: it has just logged in with this one."""
    g.fresh_cookie = secret
    g.cookie_goes = not secret
    if login:
        g.known_cookie = known.now_known(request.cookies.get(KNOWN, ""), login, here.runtime().cookie_key)
    here.forget()


def known_as(login: str) -> str:
    """This browser's name, if it has logged in with this login before; else ""."""
    return known.browser_of(request.cookies.get(KNOWN, ""), login, here.runtime().cookie_key)


def install(app: Flask) -> None:
    """Refuse views nobody thought about; set the log-in cookie where it changed."""

    @app.before_request
    def every_view_says_who() -> None:
        view = app.view_functions.get(request.endpoint or "")
        if view is not None and request.endpoint != "static" and request.blueprint not in here.NO_COOKIE and not here.is_marked(view):
            raise NotAllowed("This page does not say who may see it, so nobody may.")

    @app.after_request
    def set_cookie(response: Response) -> Response:
        if here.is_public():
            return response
        secure = app.config["SESSION_COOKIE_SECURE"]
        if g.get("cookie_goes"):
            response.delete_cookie(here.COOKIE, httponly=True, samesite="Lax", secure=secure)
        elif g.get("fresh_cookie"):
            response.set_cookie(
                here.COOKIE, g.fresh_cookie, max_age=int(sessions.IDLE.total_seconds()), httponly=True, samesite="Lax", secure=secure
            )
        if g.get("known_cookie"):
            response.set_cookie(KNOWN, g.known_cookie, max_age=int(KNOWN_FOR.total_seconds()), httponly=True, samesite="Lax", secure=secure)
        return response


def start_over() -> None:
    """Forget what the signed cookie held: at log-in and log-out, so that a form from before does not work after."""
    session.clear()
