"""Settings: one frozen value, read once from the environment or `volary.toml`, and passed by argument.

Each setting is the environment variable `VOLARY_<NAME>` or the key of the same name in lower case in `volary.toml`; the environment
wins. A worker process reads them again. Defaults suit one person's machine; production is described in docs/guide/operators.md.
"""

from volary.settings.checks import BadSetting
from volary.settings.fields import Settings
from volary.settings.loading import PREFIX, TOLD_BY_RUN, is_given, load, unknown_variables

__all__ = ["PREFIX", "TOLD_BY_RUN", "BadSetting", "Settings", "is_given", "load", "unknown_variables"]
