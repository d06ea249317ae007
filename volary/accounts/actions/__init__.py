"""Changing accounts. Each action checks what it is given with the rules, so that a page and the command line mean the same."""

from volary.accounts.actions.automation import end_label, end_labels_of, label_automated
from volary.accounts.actions.emails import ask_to_confirm, change_email, confirm_email, restore_email, write_to
from volary.accounts.actions.private import be_discoverable, change_contact
from volary.accounts.actions.standing import set_operator, set_state
from volary.accounts.actions.writing import (
    affiliate,
    change_picture,
    change_username,
    count_follow,
    count_like,
    count_media,
    count_post,
    create_account,
    edit_profile,
    end_affiliation,
    rehash_password,
    set_password,
    uncount_likes,
    uncount_posts,
    update_profile,
)

__all__ = [
    "affiliate",
    "ask_to_confirm",
    "be_discoverable",
    "change_contact",
    "change_email",
    "change_picture",
    "change_username",
    "confirm_email",
    "count_follow",
    "count_like",
    "count_media",
    "count_post",
    "create_account",
    "edit_profile",
    "end_affiliation",
    "end_label",
    "end_labels_of",
    "label_automated",
    "rehash_password",
    "restore_email",
    "set_operator",
    "set_password",
    "set_state",
    "uncount_likes",
    "uncount_posts",
    "update_profile",
    "write_to",
]
