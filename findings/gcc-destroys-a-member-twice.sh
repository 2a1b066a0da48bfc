#!/bin/sh
# g++ 12.2.0 (Debian 12's g++-12), C++20: {{text}, fails()}, where the inner braces are a struct without a constructor, one of
# whose members has a default value, and fails() throws. What the inner braces made is destroyed twice; with the inner struct's name
# before the braces, or without the default value, once. There is no warning, and clang++ 14 destroys it once.
# Seen: "braces alone: made 1, destroyed 2", "named braces: made 1, destroyed 1".
# Fails when g++ destroys both once.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat >twice.cpp <<'CPP'
#include <cstdio>

int made, destroyed;

struct Counted {
    Counted() { ++made; }
    Counted(const Counted&) { ++made; }
    ~Counted() { ++destroyed; }
};
struct Name {
    Counted text;
    int root = 0;
};
struct Photo {
    Name name;
    int score;
};

int fails() { throw 1; }

Photo braces_alone(const Counted& text) { return {{text}, fails()}; }
Photo named_braces(const Counted& text) { return {Name{text}, fails()}; }

bool is_destroyed_twice(const char* how, Photo (*make)(const Counted&)) {
    const Counted text;
    made = destroyed = 0;
    try {
        make(text);
    } catch (int) {
    }
    std::printf("%s: made %d, destroyed %d\n", how, made, destroyed);
    return destroyed == 2 * made;
}

int main() {
    const bool alone = is_destroyed_twice("braces alone", braces_alone);
    const bool named = is_destroyed_twice("named braces", named_braces);
    return alone && !named ? 0 : 1;
}
CPP
g++-12 --version | head -n 1
g++-12 -std=c++20 -Wall -Wextra twice.cpp -o twice
./twice || { echo "this g++ destroys both once" >&2; exit 1; }
