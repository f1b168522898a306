#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""paste_gtk3.py - a GTK 3 program with a window: paste_gtk3.py clipboard|nothing selects the read."""
import sys

import gi
gi.require_version("Gdk", "3.0")
gi.require_version("Gtk", "3.0")
from gi.repository import Gdk, GLib, Gtk  # noqa: E402

SELECTIONS = {"clipboard": Gdk.SELECTION_CLIPBOARD}
SETTLED = 500  # ms: the window is shown, and the server has announced the selection
LIMIT = 20     # s


def end(_clipboard=None, text=None, _data=None):
    print("text:", text, flush=True)
    Gtk.main_quit()


def read(what):
    if what in SELECTIONS:
        Gtk.Clipboard.get(SELECTIONS[what]).request_text(end, None)
    else:
        end()


window = Gtk.Window(title="a window")
window.add(Gtk.Entry())
window.show_all()
GLib.timeout_add(SETTLED, read, sys.argv[1])
GLib.timeout_add_seconds(LIMIT, Gtk.main_quit)
Gtk.main()
