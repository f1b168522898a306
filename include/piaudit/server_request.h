/* SPDX-License-Identifier: Apache-2.0 */
/* server_request.h - requests of clients to the servers of a desktop, in one vocabulary for all
 * servers. */
#ifndef PIAUDIT_SERVER_REQUEST_H
#define PIAUDIT_SERVER_REQUEST_H

/*
 * The number of a source of kind x11, wayland, pulseaudio or pipewire. Its word in the catalog:
 * asked_word in policy/source.c.
 */
enum pia_request {
	REQ_NONE,
	REQ_CLIPBOARD,         /* its content */
	REQ_CLIPBOARD_FORMATS, /* the types of its content, or the time when it was set */
	REQ_CLIPBOARD_WATCH,   /* notification of every change */
	REQ_PRIMARY,           /* content of the mouse selection */
	REQ_PRIMARY_FORMATS,
	REQ_PRIMARY_WATCH,
	REQ_DRAG,          /* content that is dragged onto the client */
	REQ_TRANSFER,      /* content of one of these; which one was not seen */
	REQ_SCREEN,        /* pixels of the screen, or of another program's window */
	REQ_SCREEN_WATCH,  /* notification of where the screen changes */
	REQ_SCREEN_STREAM, /* the screen as a video stream */
	REQ_KEYS_STATE,    /* keys that are down now */
	REQ_KEYS_STREAM,   /* keys and pointer of all programs, as they are pressed */
	REQ_KEYS_CHOSEN,  /* keys that the client names, also while another program has the focus */
	REQ_INPUT_METHOD, /* text around the cursor of the program that has the focus */
	REQ_WINDOWS,      /* the windows and their programs */
	REQ_WINDOW_TITLE, /* of another program's window */
	REQ_MICROPHONE,   /* sound is recorded from a microphone */
	REQ_SPEAKERS,     /* sound that is played is recorded */
	REQ_AUDIO_DEVICES, /* the list of devices */
	REQ_CAMERA,        /* a video stream of a camera */
	REQ_VIDEO_DEVICES,
	REQ_SOUND,         /* sound is recorded; from which of the two was not seen */
	REQ_VIDEO,         /* a video stream of a camera or of the screen; which one was not seen */
	REQ_AUDIO_CLIENTS, /* programs that play or record, and their names for it */
	REQ_MAX
};

/* The kind of a request on a message bus. */
enum bus_ask {
	BUS_CALL,      /* a member is called */
	BUS_GET,       /* one property is read */
	BUS_GET_ALL,   /* all properties of an interface */
	BUS_OBJECTS,   /* all properties of all objects of a service */
	BUS_PRESENCE,  /* whether the service exists, or a request to start it */
	BUS_SUBSCRIBE, /* its signals; without a member: those that carry its properties */
	BUS_ASK_MAX
};

#endif
