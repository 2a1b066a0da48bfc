// Files that want to hurt: each must end in a sentence, run nothing and allocate next to nothing.

#include <cstdlib>
#include <functional>
#include <string>

#include <piaa/error.h>
#include <piaa/profile.h>

#include "support/catch.h"
#include "support/sample_profile.h"
#include "support/temporary_folder.h"
#include "support/zip_builder.h"

using namespace piaa;
using namespace std::string_literals;

namespace {

std::string refusal_of(const std::string& file) {
    try {
        parse_profile(test::as_bytes(file), "me.pt");
    } catch (const Error& error) {
        CHECK(error.code() == ErrorCode::bad_profile);
        return error.what();
    }
    return "accepted";
}

bool says(const std::string& refusal, const std::string& words) {
    INFO(refusal);
    return refusal.starts_with("me.pt: ") && refusal.find(words) != std::string::npos;
}

std::string archive_of(const std::string& pickle, const std::string& numbers = "") {
    test::ZipBuilder zip;
    zip.add("me/data.pkl", pickle);
    zip.add("me/data/0", numbers);
    zip.add("me/data/none", "");
    zip.add("me/version", "3\n");
    return zip.finish();
}

// Pieces of pickles, as Python's pickle module writes them.

std::string four_bytes(std::uint32_t number) {
    return {reinterpret_cast<const char*>(&number), sizeof number};
}

std::string text(const std::string& value) {
    return "X" + four_bytes(static_cast<std::uint32_t>(value.size())) + value;
}

std::string whole(std::int32_t value) {
    return "J" + four_bytes(static_cast<std::uint32_t>(value));
}

/// Calls a function, as pickles with code do.
std::string call(const std::string& module, const std::string& function, const std::string& argument) {
    return "\x80\x02\x63" + module + "\n" + function + "\n(" + text(argument) + "tR.";
}

std::string dict(const std::string& items) {
    return "\x80\x02}(" + items + "u.";
}

/// A tensor whose numbers are in a member that is said to hold `count` of them.
std::string tensor(std::int32_t count, const std::string& offset, const std::string& shape,
                   const std::string& strides, const std::string& type = "Float",
                   const std::string& member = "0") {
    return "ctorch._utils\n_rebuild_tensor_v2\n((" + text("storage") + "ctorch\n" + type + "Storage\n" +
           text(member) + text("cpu") + whole(count) + "tQ" + offset + "(" + shape + "t(" + strides +
           "t\x89"
           "ccollections\nOrderedDict\n)RtR";
}

std::string no_numbers(const std::string& type) {
    return tensor(0, whole(0), whole(0), whole(1), type, "none");
}

/// All that a profile must hold, of a person who has done nothing yet.
std::string empty_profile() {
    std::string items = text("kind") + text("piaa profile") + text("schema") + whole(1);
    for (const std::string key : {"model", "model_hash", "preprocessing", "method", "prior"})
        items += text(key) + text("x");
    for (const std::string key : {"created", "updated"}) items += text(key) + whole(1);
    for (const std::string key : {"photo_ids", "event_gestures"}) items += text(key) + "]";
    items +=
        text("photo_rows") + tensor(0, whole(0), whole(0) + whole(0), whole(1) + whole(1), "Float", "none");
    for (const std::string key : {"event_photos", "event_others", "event_times"})
        items += text(key) + no_numbers("Long");
    return items + text("event_values") + no_numbers("Double");
}

}  // namespace

TEST_CASE("a pickle with code is refused and not run", "[profile][hostile]") {
    const test::TemporaryFolder folder;
    const auto trace = folder / "was-here";
    const std::string command = "touch " + trace.string();
    const std::vector<std::string> payloads = {
        call("os", "system", command),
        call("posix", "system", command),
        call("builtins", "eval", "__import__('os').system('" + command + "')"),
        call("torch.serialization", "load", command),
        call("torch._utils", "_rebuild_parameter", command),
        "(S'" + command + "'\nios\nsystem\n.",         // by the opcode INST
        "(cos\nsystem\n" + text(command) + "o.",       // OBJ
        "\x80\x02\x63__builtin__\nobject\n)\x81}b.",   // NEWOBJ and BUILD
        "\x80\x02\x8c\x02os\x8c\x06system\x93\x85R.",  // STACK_GLOBAL
    };
    for (const auto& payload : payloads)
        CHECK(says(refusal_of(archive_of(payload)), "which plain values do not need"));
    CHECK_FALSE(boost::filesystem::exists(trace));
}

TEST_CASE("a script archive is not a profile", "[profile][hostile]") {
    test::ZipBuilder zip;
    zip.add("me/code/__torch__.py", "import os\n");
    zip.add("me/constants.pkl", "\x80\x02).");
    CHECK(says(refusal_of(zip.finish()), "holds no data.pkl"));
}

TEST_CASE("pickles that lie about lengths are refused before anything is allocated", "[profile][hostile]") {
    CHECK(says(refusal_of(archive_of("\x80\x02X\xff\xff\xff\xff"
                                     "abc")),
               "ends"));
    CHECK(says(refusal_of(archive_of("\x80\x02\x8a\xff")), "64 bits"));
    CHECK(says(refusal_of(archive_of("\x80\x02(((((((")), "ends"));
    CHECK(says(refusal_of(archive_of("")), "ends"));
    CHECK(says(refusal_of(archive_of("\x80\x02" + std::string(500'000, 'N'))), "too many values"));
    CHECK(says(refusal_of(archive_of("\x80\x02"
                                     "c" +
                                     std::string(100'000, 'a'))),
               "too long"));
}

TEST_CASE("pickles that take what is not there are refused", "[profile][hostile]") {
    for (const std::string& pickle :
         {"."s, "t."s, "u."s, "}(Ns."s, "}(NNNu."s, "R."s, "Q."s, "q\x01."s, "h\x01."s, "\x87."s, "(N\x86."s,
          "a."s, "Ne."s, "](Na."s, "N."s, "K\x01."s})
        CHECK(refusal_of(archive_of("\x80\x02" + pickle)) != "accepted");
}

TEST_CASE("a pickle that holds itself is refused", "[profile][hostile]") {
    CHECK(says(refusal_of(archive_of("\x80\x02]q\x01h\x01"
                                     "a.")),
               "a dict should be"));
    CHECK(
        says(refusal_of(archive_of("\x80\x02}q\x01(" + text("me") + "h\x01u.")), "a plain value should be"));
    CHECK(says(refusal_of(archive_of(dict(text("me") + "]q\x01h\x01"
                                                       "a"))),
               "a plain value should be"));
}

TEST_CASE("deep nesting costs no stack", "[profile][hostile]") {
    std::string deep = "\x80\x02";
    for (int i = 0; i < 100'000; ++i) deep += "]";
    for (int i = 0; i < 99'999; ++i) deep += "a";
    CHECK(refusal_of(archive_of(deep + ".")) != "accepted");
}

TEST_CASE("a small pickle that unpacks to a large dict is refused", "[profile][hostile]") {
    std::string list = "](" + text(std::string(100'000, 'x')) + "q\x01";
    for (int i = 0; i < 100'000; ++i) list += "h\x01";
    CHECK(says(refusal_of(archive_of(dict(text("bomb") + list + "e"))), "unpacks to too much"));
}

TEST_CASE("tensors reach only the numbers that are there", "[profile][hostile]") {
    const std::string numbers(16, '\0');  // four floats
    const auto refusal_of_tensor = [&](const std::string& pickled) {
        return refusal_of(archive_of(dict(text("x") + pickled), numbers));
    };
    CHECK(says(refusal_of_tensor(tensor(4, whole(0), whole(4), whole(1))), "lacks"));  // a good one
    CHECK(says(refusal_of_tensor(tensor(4, whole(0), whole(5), whole(1))), "larger than its numbers"));
    CHECK(says(refusal_of_tensor(tensor(4, whole(1), whole(4), whole(1))), "larger than its numbers"));
    CHECK(says(refusal_of_tensor(tensor(4, whole(0), whole(2), whole(4))), "larger than its numbers"));
    CHECK(says(refusal_of_tensor(tensor(4, whole(0), whole(1 << 30), whole(0))), "larger than its numbers"));
    CHECK(says(refusal_of_tensor(tensor(4, whole(0), whole(2) + whole(1 << 30), whole(0) + whole(0))),
               "larger"));
    CHECK(says(refusal_of_tensor(tensor(1 << 30, whole(0), whole(1 << 30), whole(1))),
               "should be 1073741824 of"));
    CHECK(says(refusal_of_tensor(tensor(-1, whole(0), whole(1), whole(1))), "should be -1 of"));
    CHECK(says(refusal_of_tensor(tensor(4, whole(-1), whole(4), whole(1))), "outside its numbers"));
    CHECK(says(refusal_of_tensor(tensor(4, whole(3), whole(4), whole(-1))), "stride outside"));
    CHECK(says(refusal_of_tensor(tensor(4, whole(0), whole(-4), whole(1))), "larger than its numbers"));
    CHECK(says(refusal_of_tensor(tensor(4, whole(0), whole(4), whole(1) + whole(1))), "strides"));
    CHECK(says(refusal_of_tensor(tensor(4, "N", whole(4), whole(1))), "a tensor's offset should be"));
    CHECK(says(refusal_of_tensor(tensor(4, whole(0), whole(4), whole(1), "Float", "7")), "has no numbers"));
}

TEST_CASE("zip archives that lie are refused", "[profile][hostile]") {
    const auto refusal_with = [](const test::ZipBuilder::Lies& lies) {
        test::ZipBuilder zip;
        zip.add("me/version", "3\n");
        zip.add("me/data.pkl", dict(""), lies);
        return refusal_of(zip.finish());
    };
    CHECK(says(refusal_with({}), "lacks 'kind'"));  // the truth
    CHECK(says(refusal_with({.method = 8}), "should be stored"));
    CHECK(says(refusal_with({.size = 0xffffffff}), "ends"));
    CHECK(says(refusal_with({.offset = 0xffffffff}), "outside the file"));
    CHECK(says(refusal_with({.offset = 0}), "another name"));
    CHECK(says(refusal_with({.checksum_error = 1}), "checksum differs"));

    test::ZipBuilder twice;
    twice.add("me/data.pkl", dict(""));
    twice.add("me/data.pkl", dict(""), {.offset = 0});
    CHECK(says(refusal_of(twice.finish()), "overlap"));
}

TEST_CASE("values of the wrong type or range are refused by name", "[profile][hostile]") {
    const std::string head = text("kind") + text("piaa profile");
    CHECK(says(refusal_of(archive_of(dict(text("kind") + text("photo album")))), "is not a profile"));
    CHECK(says(refusal_of(archive_of(dict(text("kind") + whole(1)))), "'kind' is of the wrong type"));
    CHECK(says(refusal_of(archive_of(dict(head))), "lacks 'schema'"));
    CHECK(says(refusal_of(archive_of(dict(head + text("schema") + whole(2)))),
               "has schema 2 and should have 1"));
    CHECK(says(refusal_of(archive_of(dict(head + text("schema") + text("1")))),
               "'schema' is of the wrong type"));
    CHECK(says(refusal_of(archive_of(dict(head + head))), "'kind' twice"));
    CHECK(says(refusal_of(archive_of(dict(whole(1) + whole(2)))), "a key of text should be"));
}

TEST_CASE("numbers that are not finite are refused", "[profile][hostile]") {
    const std::string gate = text("learned.gate");
    CHECK(refusal_of(archive_of(dict(empty_profile() + gate + "G\x3f\xe0\0\0\0\0\0\0"s))) == "accepted");
    for (const std::string& bits :
         {"\x7f\xf8\0\0\0\0\0\0"s, "\x7f\xf0\0\0\0\0\0\0"s, "\xff\xf0\0\0\0\0\0\0"s})
        CHECK(
            says(refusal_of(archive_of(dict(empty_profile() + gate + "G" + bits))), "'gate' is not finite"));

    const std::string not_a_number = "\0\0\xc0\x7f"s;
    const std::string mean = text("learned.mean") + tensor(1, whole(0), whole(1), whole(1));
    CHECK(says(refusal_of(archive_of(dict(empty_profile() + mean), not_a_number)),
               "'mean' holds a number that is not"));
}
