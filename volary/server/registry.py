"""What every room offers, brought together: its doors, its kinds of objects, and what others fill in for it.

A new room is wired here and nowhere else.
"""

from volary.access.closing import ReadOnly
from volary.accounts.api import rate_limits as accounts_rate_limits
from volary.accounts.api import search as accounts_search
from volary.accounts.api import settings as accounts_settings
from volary.accounts.api import users as accounts_users
from volary.accounts.shapes import USER, affiliation
from volary.api.kinds import Kinds, Provider
from volary.api.limits import Limiter
from volary.api.machine import machines_of
from volary.api.openapi import document
from volary.api.operation import operations_of
from volary.api.reference.entries import Reference
from volary.api.serve import Api
from volary.api.sources import Sources
from volary.api.windows import Windows
from volary.collections.api import collections as collections_collections
from volary.collections.api import entries as collections_entries
from volary.developers import pages as developers_pages
from volary.graph.api import blocks as graph_blocks
from volary.graph.api import follows as graph_follows
from volary.graph.api import mutes as graph_mutes
from volary.graph.api import v1 as graph_v1
from volary.graph.shapes import connection_status
from volary.help import pages as help_pages
from volary.home.pages import acting as home_acting
from volary.home.pages import composing as home_composing
from volary.home.pages import conversations as home_conversations
from volary.home.pages import profiles as home_profiles
from volary.home.pages import searching as home_searching
from volary.home.pages import timeline as home_timeline
from volary.kit.resources import Resources
from volary.lists.actions.separating import leave_lists
from volary.lists.api import lists as lists_lists
from volary.lists.api import members as lists_members
from volary.lists.api import people as lists_people
from volary.lists.api import v1_lists as lists_v1_lists
from volary.lists.api import v1_people as lists_v1_people
from volary.lists.shapes import LIST
from volary.mail import jobs as mail_jobs
from volary.media import pages as media_pages
from volary.media import shapes as media_shapes
from volary.media.api import analytics as media_analytics
from volary.media.api import lookup as media_lookup
from volary.media.api import portraits as media_portraits
from volary.media.api import subtitles as media_subtitles
from volary.media.api import upload as media_upload
from volary.media.api import v1 as media_v1
from volary.media.shapes import MEDIA
from volary.messages.api import blocks as messages_blocks
from volary.messages.api import media as messages_media
from volary.messages.api import reading as messages_reading
from volary.messages.api import sending as messages_sending
from volary.messages.api import v1 as messages_v1
from volary.messages.shapes import MESSAGE, receives_your_dm
from volary.messages.shapes import attachments as message_attachments
from volary.oauth import api as oauth_api
from volary.oauth import jobs as oauth_jobs
from volary.oauth import pages as oauth_pages
from volary.oauth.identify import identify
from volary.oauth.oauth1 import endpoints as oauth1_api
from volary.operator.pages import appeals as operator_appeals
from volary.operator.pages import apps as operator_apps
from volary.operator.pages import audit as operator_audit
from volary.operator.pages import governing as operator_governing
from volary.operator.pages import home as operator_home
from volary.operator.pages import people as operator_people
from volary.operator.pages import requests as operator_requests
from volary.operator.pages import usage as operator_usage
from volary.operator.pages import webhooks as operator_webhooks
from volary.person.jobs import archiving as person_archiving
from volary.person.jobs import erasing as person_erasing
from volary.person.pages import (
    account,
    app_exports,
    app_history,
    app_limits,
    apps,
    automation,
    data,
    deactivating,
    forgotten,
    locking,
    messages,
    outbox,
    passkeys,
    password,
    people,
    pictures,
    privacy,
    returning,
    sessions,
    sign_ins,
    signin,
    signup,
    step,
    two_factor,
)
from volary.person.pages import settings as settings_hub
from volary.portal.pages import (
    appeal,
    authentication,
    connections,
    dashboard,
    details,
    history,
    invitations,
    keys,
    leaving,
    log,
    new_app,
    projects,
    signing_up,
    teams,
    tiers,
    trying,
    usage,
)
from volary.posts import pages as posts_pages
from volary.posts.actions.viewing import Views
from volary.posts.api import analytics as posts_analytics
from volary.posts.api import bookmarks as posts_bookmarks
from volary.posts.api import likes as posts_likes
from volary.posts.api import likes_v1 as posts_likes_v1
from volary.posts.api import moderate as posts_moderate
from volary.posts.api import quotes as posts_quotes
from volary.posts.api import read as posts_read
from volary.posts.api import reposts as posts_reposts
from volary.posts.api import statuses as posts_statuses
from volary.posts.api import v1 as posts_v1
from volary.posts.api import write as posts_write
from volary.posts.shapes import POLL, POST
from volary.posts.shapes.newest import NAMES, most_recent, with_newest
from volary.search.api import counts as search_counts
from volary.search.api import posts as search_posts
from volary.search.api import trends as search_trends
from volary.server import described, health
from volary.server.asgi import Front
from volary.server.cors import CrossOrigin
from volary.server.described import Description
from volary.sessions import jobs as session_jobs
from volary.settings import Settings
from volary.spaces import api as spaces_api
from volary.spaces import pages as spaces_pages
from volary.spaces.actions.separating import leave_spaces
from volary.spaces.shapes import SPACE
from volary.timelines import api as timelines_api
from volary.web import Site, doors_of
from volary.webhooks import jobs as webhook_jobs

OPERATIONS = (
    *(accounts_users, accounts_search, accounts_settings, accounts_rate_limits),
    *(graph_follows, graph_blocks, graph_mutes, graph_v1),
    *(media_upload, media_lookup, media_subtitles, media_analytics, media_v1, media_portraits),
    *(posts_read, posts_write, posts_quotes, posts_moderate, posts_analytics, posts_v1),
    *(search_posts, search_counts, search_trends),
    timelines_api,
    *(posts_reposts, posts_likes, posts_bookmarks, posts_statuses, posts_likes_v1),
    *(lists_lists, lists_members, lists_people, lists_v1_lists, lists_v1_people),
    *(collections_collections, collections_entries),
    *(messages_reading, messages_sending, messages_blocks, messages_media, messages_v1),
    spaces_api,
)
"""Modules that declare operations of the resource API."""

MACHINES = (health, described, oauth_api, oauth1_api)
"""Modules that declare other doors for machines."""

PAGES = (
    developers_pages,
    help_pages,
    media_pages,
    oauth_pages,
    posts_pages,
    spaces_pages,
    *(account, apps, automation, forgotten, messages, password, people),
    *(pictures, sessions, settings_hub, signin, signup),
    *(locking, passkeys, sign_ins, step, two_factor),
    *(data, deactivating, privacy, returning),  # a person's own
    *(app_exports, app_history, app_limits),  # what apps may do and did
    *(authentication, connections, dashboard, details, keys, leaving, log, new_app),
    *(projects, signing_up, usage),  # a developer's
    *(appeal, history, invitations, teams, tiers),  # a team's
    trying,  # and one call of the API, by hand
    *(
        operator_appeals,
        operator_apps,
        operator_audit,
        operator_governing,
        operator_home,
        operator_people,
        operator_requests,
        operator_usage,
        operator_webhooks,
    ),  # an operator's
    *(
        home_timeline,
        home_composing,
        home_conversations,
        home_acting,
        home_profiles,
        home_searching,
    ),  # posts and people
)
"""Modules that declare pages."""

DEMO_PAGES = (outbox,)
"""Modules whose pages only a demo has."""

JOBS = (mail_jobs, oauth_jobs, person_archiving, person_erasing, session_jobs, webhook_jobs)
"""Modules that declare what is done later."""

CONSEQUENCES = (leave_lists, leave_spaces)
"""What a block between two people ends in rooms above `graph`: declared where it is written, loaded by being named here."""


def front(owned: Resources) -> Front:
    """The application behind every door."""
    settings = owned[Settings]
    provided: dict[tuple[str, str], Provider] = {
        ("post", "source"): owned[Sources].provided,
        ("media", "url"): media_shapes.url,
        ("media", "preview_image_url"): media_shapes.preview_image_url,
        ("media", "variants"): media_shapes.variants,
        ("user", "affiliation"): affiliation,
        **{("user", name): most_recent for name in NAMES},
        ("user", "connection_status"): connection_status,
        ("user", "receives_your_dm"): receives_your_dm,
        ("message", "attachments"): message_attachments,
    }
    kinds = Kinds((with_newest(USER), POST, POLL, LIST, MEDIA, MESSAGE, SPACE), provided, {"post": owned[Views].shown})
    operations = [one for module in OPERATIONS for one in operations_of(module.__name__)]
    owned.put(Windows, Windows(operations, owned[Limiter]))
    owned.put(Reference, Reference(operations))
    owned.put(Description, Description(lambda: document(operations, kinds, settings.public_url)))
    api = Api(
        operations,
        [one for module in MACHINES for one in machines_of(module.__name__)],
        identify,
        owned[Limiter],
        kinds,
        settings.public_url + "/portal",
        owned[ReadOnly],
    )
    owned.put(Api, api)
    pages = (*PAGES, *(DEMO_PAGES if settings.demo else ()))
    site = Site((door for module in pages for door in doors_of(module)), owned)
    return Front(api, site, CrossOrigin(), owned)
