"""Before it changes how somebody signs in, a session whose password was entered long ago is asked for it again (SR-163, ASVS 7.5.1)."""

from volary.language import mark as _
from volary.sessions.actions.again import proven_by

proven = proven_by(
    _(
        "You are about to change how you sign in, and you entered your password a while ago. "
        "Enter it once more; what you have just filled in is kept."
    ),
    back="/settings/security",
)
