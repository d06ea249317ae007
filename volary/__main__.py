"""`python -m volary` and the command `volary`."""

from volary.server.cli import main

if __name__ == "__main__":
    main()
