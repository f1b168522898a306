#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""paste_qt5.py - a Qt 5 program with a window: paste_qt5.py clipboard|primary|nothing selects the read."""
import sys

from PyQt5.QtCore import QTimer
from PyQt5.QtGui import QClipboard
from PyQt5.QtWidgets import QApplication, QLineEdit

MODES = {"clipboard": QClipboard.Clipboard, "primary": QClipboard.Selection}
SETTLED = 500  # ms: the window is shown, and the server has announced the selection


def read():
    what = sys.argv[1]
    print("text:", app.clipboard().text(MODES[what]) if what in MODES else None, flush=True)
    app.quit()


app = QApplication(sys.argv[:1])
window = QLineEdit()
window.show()
QTimer.singleShot(SETTLED, read)
app.exec()
