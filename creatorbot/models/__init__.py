"""The tables, one file a noun. Tables only: no behaviour, no queries."""

from creatorbot.models.account import Account, Authorisation, Server
from creatorbot.models.announcement import Announcement
from creatorbot.models.artist import Artist, Invitation, LoginSession, LoginTry, Member, Person
from creatorbot.models.installation import Admission, Heartbeat, Installation, Rehearsal
from creatorbot.models.link import DaySalt, JournalPosition, Link, Reach, Visit, VisitorDay, VisitTotal
from creatorbot.models.payment import Candidate, Checkout, Credit, Notice, Payment, PaymentService
from creatorbot.models.post import Attempt, Post, PostChange
from creatorbot.models.release import Cover, Release
from creatorbot.models.source import Fetch, Source, SourceItem

__all__ = [
    "Account",
    "Admission",
    "Announcement",
    "Artist",
    "Attempt",
    "Authorisation",
    "Candidate",
    "Checkout",
    "Cover",
    "Credit",
    "DaySalt",
    "Fetch",
    "Heartbeat",
    "Installation",
    "Invitation",
    "JournalPosition",
    "Link",
    "LoginSession",
    "LoginTry",
    "Member",
    "Notice",
    "Payment",
    "PaymentService",
    "Person",
    "Post",
    "PostChange",
    "Reach",
    "Rehearsal",
    "Release",
    "Server",
    "Source",
    "SourceItem",
    "Visit",
    "VisitTotal",
    "VisitorDay",
]
