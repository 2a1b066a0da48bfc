#pragma once

#include <cstdint>

namespace piaa {

/// The opcodes of a pickle of protocol 2 that plain values and tensors need, under Python's names.
enum class Opcode : std::uint8_t {
    proto = 0x80,
    stop = '.',
    mark = '(',
    none = 'N',
    new_true = 0x88,
    new_false = 0x89,
    binint = 'J',
    binint1 = 'K',
    binint2 = 'M',
    long1 = 0x8a,
    binfloat = 'G',
    binunicode = 'X',
    empty_list = ']',
    append = 'a',
    appends = 'e',
    empty_tuple = ')',
    tuple = 't',
    tuple1 = 0x85,
    tuple2 = 0x86,
    tuple3 = 0x87,
    empty_dict = '}',
    setitem = 's',
    setitems = 'u',
    binput = 'q',
    long_binput = 'r',
    binget = 'h',
    long_binget = 'j',
    global = 'c',
    binpersid = 'Q',
    reduce = 'R',
};

}  // namespace piaa
