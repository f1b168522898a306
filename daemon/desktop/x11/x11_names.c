/* SPDX-License-Identifier: Apache-2.0 */
/* x11_names.c - the names of atoms and extensions of X11. */
#include <piaudit/auto.h>

#include "x11_info.h"

const char *const x11_atom_name[] = {
	[X11_CLIPBOARD] = "CLIPBOARD",
	[X11_TARGETS] = "TARGETS",
	[X11_TIMESTAMP] = "TIMESTAMP",
	[X11_MULTIPLE] = "MULTIPLE",
	[X11_SAVE_TARGETS] = "SAVE_TARGETS",
	[X11_DELETE] = "DELETE",
	[X11_XDND] = "XdndSelection",
	[X11_CLIENT_LIST] = "_NET_CLIENT_LIST",
	[X11_CLIENT_LIST_STACKING] = "_NET_CLIENT_LIST_STACKING",
	[X11_NET_WM_NAME] = "_NET_WM_NAME",
	[X11_NET_WM_VISIBLE_NAME] = "_NET_WM_VISIBLE_NAME",
	[X11_NET_WM_PID] = "_NET_WM_PID",
	[X11_WM_CHECK] = "_NET_SUPPORTING_WM_CHECK",
	[X11_UTF8_STRING] = "UTF8_STRING",
	[X11_TEXT] = "TEXT",
	[X11_COMPOUND_TEXT] = "COMPOUND_TEXT",
	[X11_TEXT_PLAIN] = "text/plain",
	[X11_TEXT_PLAIN_UTF8] = "text/plain;charset=utf-8",
	[X11_TEXT_HTML] = "text/html",
	[X11_URI_LIST] = "text/uri-list",
	[X11_IMAGE_PNG] = "image/png",
};
_Static_assert(ARRAY_SIZE(x11_atom_name) == X11_ATOM_MAX, "an atom without a name");

const char *const x11_extension_name[] = {
	[X11_BIG_REQUESTS] = "BIG-REQUESTS",
	[X11_SHM] = "MIT-SHM",
	[X11_XFIXES] = "XFIXES",
	[X11_XINPUT] = "XInputExtension",
	[X11_RECORD] = "RECORD",
	[X11_COMPOSITE] = "Composite",
	[X11_DAMAGE] = "DAMAGE",
	[X11_DRI3] = "DRI3",
	[X11_RESOURCE] = "X-Resource",
	[X11_RENDER] = "RENDER",
};
_Static_assert(ARRAY_SIZE(x11_extension_name) == X11_EXTENSION_MAX, "an extension without a name");
