/* SPDX-License-Identifier: Apache-2.0 */
/* usdt_notes.c - reads the notes of USDT probes in ELF files. Owner: usdt_attach.c. */
#include "usdt_notes.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <gelf.h>
#include <libelf.h>

#include <piaudit/auto.h>

#define NT_STAPSDT 3
#define OWNER      "stapsdt"
#define PROVIDER   "piaudit"
#define SECTION    ".note.stapsdt"
#define NOTES_MAX  (4u << 20) /* bytes read of a section: USDT_NOTES_MAX marks take a tenth */
/* Bytes of all section names: object files have many sections, programs about forty. */
#define NAMES_MAX (16u << 20)
#define BASE      ".stapsdt.base"

static const struct {
	const char *name;
	enum pia_scenario_what what;
} names[] = {
	{ "scenario_begin", PIA_SCENARIO_BEGIN },
	{ "scenario_end", PIA_SCENARIO_END },
	{ "scenario_switch", PIA_SCENARIO_SWITCH },
};

/* The places of the id: the header uses no others. The kernel half reads only this register. */
static const char *const places[] = { "8@%rdi", "4@%edi" };

struct marks {
	Elf *elf;
	size_t word;   /* bytes of an address */
	uint64_t base; /* the address that the linker gave to BASE */
	bool has_base;
	struct usdt_note *list;
	size_t count;
};

static void elf_close(Elf **elf)
{
	elf_end(*elf);
}

static Elf_Scn *section_find(Elf *elf, const char *name, GElf_Shdr *header)
{
	Elf_Scn *section = NULL;
	size_t names_index;

	if (elf_getshdrstrndx(elf, &names_index) ||
	    !gelf_getshdr(elf_getscn(elf, names_index), header) || header->sh_size > NAMES_MAX)
		return NULL;
	while ((section = elf_nextscn(elf, section))) {
		const char *is;

		if (!gelf_getshdr(section, header))
			continue;
		is = elf_strptr(elf, names_index, header->sh_name);
		if (is && !strcmp(is, name))
			return section;
	}
	return NULL;
}

/* The offset in the file of a linked address; 0 if no executable code is there. */
static uint64_t file_offset(const struct marks *m, uint64_t address)
{
	size_t count;
	GElf_Phdr ph;

	if (elf_getphdrnum(m->elf, &count))
		return 0;
	for (size_t i = 0; i < count; i++)
		if (gelf_getphdr(m->elf, (int)i, &ph) && ph.p_type == PT_LOAD &&
		    ph.p_flags & PF_X && address >= ph.p_vaddr &&
		    address - ph.p_vaddr < ph.p_filesz)
			return address - ph.p_vaddr + ph.p_offset;
	return 0;
}

/* The next string of a note; NULL if it has no end. */
static const char *text(const char **at, const char *end)
{
	const char *from = *at, *nul = memchr(from, '\0', (size_t)(end - from));

	if (!nul)
		return NULL;
	*at = nul + 1;
	return from;
}

static bool known_place(const char *place)
{
	for (size_t i = 0; i < ARRAY_SIZE(places); i++)
		if (!strcmp(places[i], place))
			return true;
	return false;
}

static int usdt_notes_add(struct marks *m, uint64_t address, enum pia_scenario_what what)
{
	uint64_t offset = file_offset(m, address);
	struct usdt_note *grown;

	if (!offset)
		return 0;
	if (m->count == USDT_NOTES_MAX)
		return -E2BIG;
	grown = realloc(m->list, (m->count + 1) * sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	m->list = grown;
	m->list[m->count++] = (struct usdt_note){ offset, what };
	return 0;
}

/* A note has three addresses, then provider, name, arguments. */
static int note(struct marks *m, const char *at, const char *end)
{
	const char *provider, *name, *place;
	uint64_t address = 0, base = 0;

	if ((size_t)(end - at) < 3 * m->word)
		return 0;
	memcpy(&address, at, m->word);
	memcpy(&base, at + m->word, m->word);
	at += 3 * m->word;
	provider = text(&at, end);
	name = provider ? text(&at, end) : NULL;
	place = name ? text(&at, end) : NULL;
	if (!place || strcmp(provider, PROVIDER) || !known_place(place))
		return 0;
	/* prelink moves a library, but does not change the addresses in its notes. */
	if (m->has_base && base)
		address += m->base - base;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (!strcmp(names[i].name, name))
			return usdt_notes_add(m, address, names[i].what);
	return 0;
}

static int notes(struct marks *m, Elf_Data *data)
{
	size_t at = 0, name, text_at;
	GElf_Nhdr n;
	int err = 0;

	while (!err && (at = gelf_getnote(data, at, &n, &name, &text_at)) > 0)
		if (n.n_type == NT_STAPSDT && n.n_namesz == sizeof(OWNER) &&
		    !memcmp((char *)data->d_buf + name, OWNER, sizeof(OWNER)))
			err = note(m, (char *)data->d_buf + text_at,
				   (char *)data->d_buf + text_at + n.n_descsz);
	return err;
}

/*
 * Checked before libelf reads the file. Programs of another machine or byte order do not run here.
 * A file with more than 65279 sections stores their number elsewhere. libelf allocates memory for
 * as many as the file claims. No program has so many.
 */
static bool runs_here(int fd)
{
	union {
		Elf32_Ehdr narrow;
		Elf64_Ehdr wide;
	} h;

	if (pread(fd, &h, sizeof(h), 0) != sizeof(h) || memcmp(h.wide.e_ident, ELFMAG, SELFMAG) ||
	    h.wide.e_ident[EI_DATA] != ELFDATA2LSB)
		return false;
	return h.wide.e_ident[EI_CLASS] == ELFCLASS64
		       ? h.wide.e_machine == EM_X86_64 && h.wide.e_shnum
		       : h.narrow.e_machine == EM_386 && h.narrow.e_shnum;
}

int usdt_notes_read(int fd, struct usdt_note **out)
{
	AUTO(elf_close) Elf *elf = NULL;
	struct marks m = { .elf = NULL };
	GElf_Shdr header;
	Elf_Scn *section;
	Elf_Data *data = NULL;
	int err = 0;

	elf_version(EV_CURRENT);
	if (!runs_here(fd))
		return 0;
	m.elf = elf = elf_begin(fd, ELF_C_READ, NULL);
	if (!elf || elf_kind(elf) != ELF_K_ELF)
		return 0;
	m.word = gelf_getclass(elf) == ELFCLASS64 ? 8 : 4;
	if (section_find(elf, BASE, &header)) {
		m.has_base = true;
		m.base = header.sh_addr;
	}
	section = section_find(elf, SECTION, &header);
	if (section && header.sh_size > NOTES_MAX)
		return -E2BIG;
	while (section && !err && (data = elf_getdata(section, data)))
		err = data->d_buf ? notes(&m, data) : 0;
	if (err) {
		free(m.list);
		return err;
	}
	*out = m.list;
	return (int)m.count;
}
