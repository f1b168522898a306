/* SPDX-License-Identifier: Apache-2.0 */
/* wayland_table.c - interfaces of Wayland through which a client gets data of other clients. */
#include "wayland_table.h"

#include <string.h>

#include <piaudit/auto.h>

static const struct wayland_interface interfaces[] = {
	{ "wl_data_device_manager", WAYLAND_DATA, REQ_NONE },
	{ "zwp_primary_selection_device_manager_v1", WAYLAND_PRIMARY, REQ_NONE },
	{ "gtk_primary_selection_device_manager", WAYLAND_PRIMARY, REQ_NONE },
	{ "zwlr_data_control_manager_v1", WAYLAND_CONTROL, REQ_NONE },
	{ "ext_data_control_manager_v1", WAYLAND_CONTROL, REQ_NONE },
	{ "zwlr_screencopy_manager_v1", WAYLAND_SCREENCOPY, REQ_NONE },
	{ "zwlr_export_dmabuf_manager_v1", WAYLAND_DMABUF, REQ_NONE },
	{ "hyprland_toplevel_export_manager_v1", WAYLAND_EXPORT, REQ_NONE },
	{ "ext_image_copy_capture_manager_v1", WAYLAND_COPY, REQ_NONE },
	{ "zkde_screencast_unstable_v1", WAYLAND_CAST, REQ_NONE },
	{ "weston_screenshooter", WAYLAND_SHOOTER, REQ_NONE },
	{ "weston_capture_v1", WAYLAND_CAPTURE, REQ_NONE },
	{ "zwlr_foreign_toplevel_manager_v1", WAYLAND_WINDOWS, REQ_WINDOWS },
	{ "ext_foreign_toplevel_list_v1", WAYLAND_WINDOWS, REQ_WINDOWS },
	{ "org_kde_plasma_window_management", WAYLAND_WINDOWS, REQ_WINDOWS },
	{ "zcosmic_toplevel_info_v1", WAYLAND_WINDOWS, REQ_WINDOWS },
	{ "zwp_input_method_v1", WAYLAND_METHOD, REQ_INPUT_METHOD },
	{ "zwp_input_method_manager_v2", WAYLAND_METHODS, REQ_NONE },
};

#define ENDS(role, opcode)                                               \
	{                                                                \
		role, opcode, "destroy", REQ_NONE, WAYLAND_NONE, 0, true \
	}
#define ASKS(role, opcode, name, asks)                           \
	{                                                        \
		role, opcode, name, asks, WAYLAND_NONE, 0, false \
	}
#define MAKES(role, opcode, name, makes, at)                   \
	{                                                      \
		role, opcode, name, REQ_NONE, makes, at, false \
	}

/*
 * Opcodes count requests in the protocols' XML. Every destructor of a role with requests is here.
 */
static const struct wayland_request requests[] = {
	ASKS(WAYLAND_CONTROL, 1, "data control: get_data_device", REQ_CLIPBOARD_WATCH),
	ENDS(WAYLAND_CONTROL, 2),
	ASKS(WAYLAND_SCREENCOPY, 0, "zwlr_screencopy: capture_output", REQ_SCREEN),
	ASKS(WAYLAND_SCREENCOPY, 1, "zwlr_screencopy: capture_output_region", REQ_SCREEN),
	ENDS(WAYLAND_SCREENCOPY, 2),
	ASKS(WAYLAND_DMABUF, 0, "zwlr_export_dmabuf: capture_output", REQ_SCREEN),
	ENDS(WAYLAND_DMABUF, 1),
	ASKS(WAYLAND_EXPORT, 0, "hyprland_toplevel_export: capture_toplevel", REQ_SCREEN),
	ENDS(WAYLAND_EXPORT, 1),
	ASKS(WAYLAND_EXPORT, 2, "hyprland_toplevel_export: capture_toplevel", REQ_SCREEN),
	MAKES(WAYLAND_COPY, 0, "create_session", WAYLAND_COPY_SESSION, 0),
	ENDS(WAYLAND_COPY, 2),
	MAKES(WAYLAND_COPY_SESSION, 0, "create_frame", WAYLAND_COPY_FRAME, 0),
	ENDS(WAYLAND_COPY_SESSION, 1),
	ENDS(WAYLAND_COPY_FRAME, 0),
	ASKS(WAYLAND_COPY_FRAME, 3, "ext_image_copy_capture: capture", REQ_SCREEN),
	ASKS(WAYLAND_CAST, 0, "zkde_screencast: stream_output", REQ_SCREEN_STREAM),
	ASKS(WAYLAND_CAST, 1, "zkde_screencast: stream_window", REQ_SCREEN_STREAM),
	ENDS(WAYLAND_CAST, 2),
	ASKS(WAYLAND_CAST, 4, "zkde_screencast: stream_region", REQ_SCREEN_STREAM),
	ASKS(WAYLAND_SHOOTER, 0, "weston_screenshooter: shoot", REQ_SCREEN),
	ENDS(WAYLAND_CAPTURE, 0),
	MAKES(WAYLAND_CAPTURE, 1, "create", WAYLAND_CAPTURE_SOURCE, 2),
	ENDS(WAYLAND_CAPTURE_SOURCE, 0),
	ASKS(WAYLAND_CAPTURE_SOURCE, 1, "weston_capture: capture", REQ_SCREEN),
	{ WAYLAND_METHODS, 0, "zwp_input_method_manager_v2: get_input_method", REQ_INPUT_METHOD,
	  WAYLAND_METHOD, 1, false },
	ENDS(WAYLAND_METHODS, 1),
	ASKS(WAYLAND_METHOD, 5, "zwp_input_method_v2: grab_keyboard", REQ_KEYS_STREAM),
	ENDS(WAYLAND_METHOD, 6),
};

const struct wayland_interface *wayland_interface(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(interfaces); i++)
		if (strcmp(interfaces[i].name, name) == 0)
			return &interfaces[i];
	return NULL;
}

const struct wayland_request *wayland_request(enum wayland_role role, uint32_t opcode)
{
	for (size_t i = 0; i < ARRAY_SIZE(requests); i++)
		if (requests[i].role == role && requests[i].opcode == opcode)
			return &requests[i];
	return NULL;
}
