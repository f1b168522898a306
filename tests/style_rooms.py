#!/usr/bin/python3
"""style_rooms.py - checks the rooms of daemon/ with their table, tests/rooms: a line per offence, "file:line: reason".

  style_rooms.py [TREE]      checks a tree; exit code 1 if there is an offence
  style_rooms.py --table     prints the table for ARCHITECTURE.md
  style_rooms.py --headers   writes each room's purpose into its main header
  style_rooms.py --self-test plants faults in a copy of the tree's outline, and must find each
"""
import os
import re
import sys
import tempfile
from collections import defaultdict

FILES_MAX = 24  # files in a folder; a folder with more should have sub-rooms
TABLE = 'tests/rooms'
INCLUDE = re.compile(r'\s*#\s*include\s+(["<])([^">]+)[">]')
CODE = re.compile(r'\.[ch]$')


class Room:
    def __init__(self, line, fields):
        self.line = line
        self.name, self.header, self.purpose, uses = (f.strip() for f in fields)
        self.uses = uses.split()


def read(path):
    with open(path, encoding='utf-8') as f:
        return f.read()


def table(say):
    """The rooms in their order. Each may use only rooms above it, so the table cannot contain a cycle."""
    rooms = {}
    for number, line in enumerate(read(TABLE).splitlines(), 1):
        if not line.strip() or line.startswith('#'):
            continue
        fields = line.split('|')
        if len(fields) != 4:
            say(TABLE, number, 'not "name | main header | purpose | may use"')
            continue
        room = Room(number, fields)
        for use in room.uses:
            if use not in rooms:
                say(TABLE, number, f'{room.name} may not use {use}: no room above it')
        if room.name in rooms:
            say(TABLE, number, f'{room.name} stands here twice')
        rooms[room.name] = room
    return rooms


def tree_files():
    out = []
    for top in ('daemon', 'policy', 'include'):
        for folder, _, names in os.walk(top):
            out += [os.path.join(folder, name) for name in names]
    return sorted(out)


def room_of(path):
    folder = os.path.dirname(path)
    return folder[len('daemon/'):] if folder.startswith('daemon/') else None


def check_places(rooms, files, say):
    counts, names = defaultdict(int), {}
    for path in files:
        if not path.startswith(('daemon/', 'policy/')):
            continue
        room = room_of(path)
        if path.startswith('daemon/'):
            if os.path.dirname(path) == 'daemon':
                say(path, 1, f'lies in no room: move it to one of {TABLE}')
            elif room not in rooms:
                say(path, 1, f'daemon/{room} is no room of {TABLE}')
            counts[os.path.dirname(path)] += 1
        if CODE.search(path):
            name = os.path.basename(path)
            if name in names:
                say(path, 1, f'has the name of {names[name]}')
            names.setdefault(name, path)
    for folder, count in counts.items():
        if count > FILES_MAX:
            say(folder, 1, f'has {count} files, more than {FILES_MAX}: give it sub-rooms')
    for room in rooms.values():
        if f'daemon/{room.name}' not in counts:
            say(TABLE, room.line, f'{room.name} has no files')


def resolve(path, text):
    """The included file, seen from @path, or None for a system header or a generated one."""
    beside = os.path.normpath(os.path.join(os.path.dirname(path), text))
    for place in (beside, text, os.path.join('include', text)):
        if os.path.isfile(place):
            return place
    return None


def check_includes(rooms, files, say):
    used = defaultdict(set)
    for path in files:
        if not path.startswith('daemon/') or not CODE.search(path):
            continue
        room = rooms.get(room_of(path))
        for number, line in enumerate(read(path).splitlines(), 1):
            found = INCLUDE.match(line)
            target = found and found.group(1) == '"' and resolve(path, found.group(2))
            if not target:
                continue
            here = os.path.dirname(target) == os.path.dirname(path)
            if found.group(2) != (os.path.basename(target) if here else target):
                say(path, number, f'include "{os.path.basename(target) if here else target}": '
                    'from the top, but a plain name in the same folder')
            other = room_of(target)
            if here or other is None or room is None:
                continue
            used[room.name].add(other)
            if other not in room.uses:
                say(path, number, f'{room.name} may not use {other}: {TABLE}')
    for room in rooms.values():
        for use in room.uses:
            if use in rooms and use not in used[room.name]:
                say(TABLE, room.line, f'{room.name} does not use {use}: remove it here')


def purpose_line(room):
    return f'/* Room daemon/{room.name}: {room.purpose}. */'


def check_purposes(rooms, say):
    for room in rooms.values():
        path = f'daemon/{room.name}/{room.header}'
        if not os.path.isfile(path):
            say(TABLE, room.line, f'{path} does not exist')
        elif purpose_line(room) not in read(path).splitlines()[:6]:
            say(path, 2, f'does not begin with its room: {purpose_line(room)}')


def write_purposes(rooms):
    for room in rooms.values():
        path = f'daemon/{room.name}/{room.header}'
        lines = [l for l in read(path).split('\n') if not l.startswith('/* Room daemon/')]
        at = next(i for i, l in enumerate(lines) if l.startswith('#ifndef'))
        lines.insert(at, purpose_line(room))
        with open(path, 'w', encoding='utf-8') as f:
            f.write('\n'.join(lines))


def markdown(rooms):
    rows = ['| room | purpose | may use |', '|---|---|---|']
    for room in rooms.values():
        rows.append(f'| `{room.name}/` | {room.purpose} | {", ".join(room.uses) or "nothing"} |')
    return '\n'.join(rows) + '\n'


def check(top):
    """All offences in the tree @top."""
    found = []

    def say(path, line, reason):
        found.append(f'{path}:{line}: {reason}')

    back = os.getcwd()
    os.chdir(top)
    try:
        rooms, files = table(say), tree_files()
        check_places(rooms, files, say)
        check_includes(rooms, files, say)
        check_purposes(rooms, say)
        if markdown(rooms) not in read('ARCHITECTURE.md'):
            say('ARCHITECTURE.md', 1, f'its rooms are not those of {TABLE}: style_rooms.py --table prints them')
    finally:
        os.chdir(back)
    return found


def outline(top):
    """A small valid tree: three rooms, one of them a sub-room."""
    def put(path, text):
        path = os.path.join(top, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'w', encoding='utf-8') as f:
            f.write(text)

    put(TABLE, 'low | low.h | the bottom |\nlow/sub | sub.h | a part of it | low\nhigh | high.h | the top | low low/sub\n')
    put('policy/policy.h', '')
    put('include/piaudit/access.h', '')
    put('daemon/low/low.h', '/* Room daemon/low: the bottom. */\n#include "policy/policy.h"\n')
    put('daemon/low/low.c', '#include "low.h"\n')
    put('daemon/low/sub/sub.h', '/* Room daemon/low/sub: a part of it. */\n#include "daemon/low/low.h"\n')
    put('daemon/high/high.h', '/* Room daemon/high: the top. */\n#include <piaudit/access.h>\n#include "daemon/low/low.h"\n'
        '#include "daemon/low/sub/sub.h"\n')
    put('ARCHITECTURE.md', '')
    back = os.getcwd()
    os.chdir(top)
    text = markdown(table(lambda *_: None))
    os.chdir(back)
    put('ARCHITECTURE.md', '# Rooms\n\n' + text)
    return put


FAULTS = [  # each planted fault: path, text (appended), expected offence
    ('daemon/low/low.c', '#include "daemon/high/high.h"\n', 'daemon/low/low.c:2: low may not use high'),
    ('daemon/low/low.c', '#include "daemon/low/sub/sub.h"\n', 'daemon/low/low.c:2: low may not use low/sub'),
    ('daemon/low/low.c', '#include "../high/high.h"\n', 'daemon/low/low.c:2: include "daemon/high/high.h"'),
    ('daemon/low/low.c', '#include "daemon/low/low.h"\n', 'daemon/low/low.c:2: include "low.h"'),
    ('daemon/stray.c', '', 'daemon/stray.c:1: lies in no room'),
    ('daemon/attic/x.c', '', 'daemon/attic/x.c:1: daemon/attic is no room'),
    ('daemon/high/low.c', '', 'daemon/low/low.c:1: has the name of daemon/high/low.c'),
    ('policy/low.h', '', 'policy/low.h:1: has the name of daemon/low/low.h'),
    (TABLE, 'low | low.h | again |\n', f'{TABLE}:4: low stands here twice'),
    (TABLE, 'more | more.h | nothing yet |\n', f'{TABLE}:4: more has no files'),
    (TABLE, 'first | x.h | circle | last\nlast | x.h | circle | first\n', f'{TABLE}:4: first may not use last'),
    (TABLE, 'a | b\n', f'{TABLE}:4: not "name'),
    ('ARCHITECTURE.md', None, 'ARCHITECTURE.md:1: its rooms are not'),
    ('daemon/high/high.h', None, 'daemon/high/high.h:2: does not begin with its room'),
    ('daemon/low/sub/sub.h', '/* Room daemon/low/sub: a part of it. */\n', f'{TABLE}:2: low/sub does not use low'),
] + [('daemon/low/many%d.c', '', f'daemon/low:1: has {FILES_MAX + 3} files')]


def self_test():
    bad = 0
    with tempfile.TemporaryDirectory() as top:
        outline(top)
        for line in check(top):
            print(f'style_rooms: a house in order: {line}')
            bad += 1
    for path, text, said in FAULTS:
        with tempfile.TemporaryDirectory() as top:
            put = outline(top)
            for n in range(FILES_MAX + 1 if '%d' in path else 1):
                where = path.replace('%d', str(n))
                old = os.path.join(top, where)
                replaces = text is None or (text.startswith('/* Room') and os.path.exists(old))
                before = '' if replaces or not os.path.exists(old) else read(old)
                put(where, before + (text or ''))
            found = check(top)
            if not any(line.startswith(said) for line in found):
                print(f'style_rooms: {path}: not found: {said}: {found}')
                bad += 1
    return bad


def main():
    arg = sys.argv[1] if len(sys.argv) > 1 else '.'
    if arg == '--self-test':
        sys.exit(bool(self_test()))
    if arg in ('--table', '--headers'):
        rooms = table(lambda path, line, why: sys.exit(f'{path}:{line}: {why}'))
        if arg == '--table':
            print(markdown(rooms), end='')
        else:
            write_purposes(rooms)
        return
    found = check(arg)
    for line in found:
        print(line)
    sys.exit(bool(found))


main()
