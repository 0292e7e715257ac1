"""``python -m kpisim``."""

from kpisim.cli import main

if __name__ == "__main__":
    main()
