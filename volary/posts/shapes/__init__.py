"""Posts on X's wire: the v2 object with its fields and expansions, requests, and the v1.1 status."""

from volary.posts.shapes.bodies import CreatePost, created
from volary.posts.shapes.poll import POLL
from volary.posts.shapes.post import POST
from volary.posts.shapes.status import status_v1, statuses_v1

__all__ = ["POLL", "POST", "CreatePost", "created", "status_v1", "statuses_v1"]
