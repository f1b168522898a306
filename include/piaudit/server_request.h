/* SPDX-License-Identifier: Apache-2.0 */
/* server_request.h - what a client asks of a desktop's servers, in one vocabulary for them all. */
#ifndef PIAUDIT_SERVER_REQUEST_H
#define PIAUDIT_SERVER_REQUEST_H

/* The number of a source of kind x11, wayland, pulseaudio or pipewire; its word in the catalog: policy/asked.c. */
enum pia_request {
	REQ_NONE,
	REQ_CLIPBOARD,         /* its content */
	REQ_CLIPBOARD_FORMATS, /* what kinds of content there are, or when they were put there */
	REQ_CLIPBOARD_WATCH,   /* to be told whenever it changes */
	REQ_PRIMARY,           /* what is selected with the mouse: its content */
	REQ_PRIMARY_FORMATS,
	REQ_PRIMARY_WATCH,
	REQ_DRAG,          /* what is dragged onto the client */
	REQ_TRANSFER,      /* content of one of these, which of them was not seen */
	REQ_SCREEN,        /* pixels of the screen, or of another program's window */
	REQ_SCREEN_WATCH,  /* to be told where the screen changes */
	REQ_SCREEN_STREAM, /* the screen as a video stream */
	REQ_KEYS_STATE,    /* which keys are down now */
	REQ_KEYS_STREAM,   /* keys and pointer of all programs as they are pressed */
	REQ_KEYS_CHOSEN,   /* keys that the client names, whichever program has the keyboard */
	REQ_INPUT_METHOD,  /* text around the cursor of whatever program has the focus */
	REQ_WINDOWS,       /* which windows, of which programs, there are */
	REQ_WINDOW_TITLE,  /* of another program's window */
	REQ_MICROPHONE,    /* sound is recorded */
	REQ_SPEAKERS,      /* what is played is recorded */
	REQ_AUDIO_DEVICES, /* which there are */
	REQ_CAMERA,        /* a video stream of a camera */
	REQ_VIDEO_DEVICES,
	REQ_SOUND,         /* sound is recorded, of which of the two was not seen */
	REQ_VIDEO,         /* a video stream, of a camera or of the screen: which was not seen */
	REQ_AUDIO_CLIENTS, /* which programs play or record, and what they call it */
	REQ_MAX
};

/* What is asked on a message bus. */
enum bus_ask {
	BUS_CALL,      /* a member is called */
	BUS_GET,       /* one property is read */
	BUS_GET_ALL,   /* all properties of an interface */
	BUS_OBJECTS,   /* all properties of all objects of a service */
	BUS_PRESENCE,  /* whether the service is there, or that it be started */
	BUS_SUBSCRIBE, /* its signals; with no member: those that carry its properties */
	BUS_ASK_MAX
};

#endif
