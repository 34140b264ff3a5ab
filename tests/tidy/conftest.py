"""Tidiness is an ordinary test: each check is a function (checks.py), run on the tree and on samples it must refuse."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
