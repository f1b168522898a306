#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""bus_services.py - owns the given names, and answers every call with an empty value of the expected type."""
import os
import sys

import dbus
import dbus.bus
import dbus.lowlevel
import dbus.mainloop.glib
import dbus.service
from gi.repository import GLib

ANSWERS = {
    "Get": lambda: ("v", "nothing"),
    "GetAll": lambda: ("a{sv}", {}),
    "GetManagedObjects": lambda: ("a{oa{sa{sv}}}", {}),
}


def answer(connection, message):
    if message.get_type() != 1:  # 1 is a method call
        return dbus.lowlevel.HANDLER_RESULT_NOT_YET_HANDLED
    reply = dbus.lowlevel.MethodReturnMessage(message)
    make = ANSWERS.get(message.get_member())
    if make:
        signature, value = make()
        reply.append(value, signature=signature)
    connection.send_message(reply)
    return dbus.lowlevel.HANDLER_RESULT_HANDLED


def main(names):
    dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
    bus = dbus.bus.BusConnection(os.environ["DBUS_SYSTEM_BUS_ADDRESS"])
    owned = [dbus.service.BusName(name, bus) for name in names]
    bus.add_message_filter(answer)
    print("ready", len(owned), flush=True)
    GLib.MainLoop().run()


if __name__ == "__main__":
    main(sys.argv[1:])
