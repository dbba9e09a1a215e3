"""`python -m dateline_status`."""

import sys

from dateline_status.main import main

if __name__ == "__main__":
    sys.exit(main())
