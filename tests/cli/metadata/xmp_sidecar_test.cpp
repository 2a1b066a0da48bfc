#include "metadata/xmp_sidecar.h"

#include <iostream>

#include <boost/filesystem.hpp>

#include <piaa/error.h>

#include "support/catch.h"
#include "support/exiftool.h"
#include "support/photo_files.h"
#include "support/temporary_folder.h"

using namespace piaa;
using namespace piaa::cli;
namespace fs = boost::filesystem;

namespace {

/// A sidecar in the layout of a program, in a folder of its own.
fs::path sidecar_of(const std::string& program, const test::TemporaryFolder& folder) {
    const fs::path file = folder / (program + ".xmp");
    fs::copy_file(fs::path(PIAA_TEST_DATA) / "sidecars" / file.filename(), file);
    return file;
}

}  // namespace

TEST_CASE("a sidecar is found under both names, and the longer one goes first", "[sidecar]") {
    const test::TemporaryFolder folder;
    const fs::path photo = folder / "a.b.jpg";
    test::write_bytes(photo, "");
    CHECK_FALSE(find_sidecar(photo));
    test::write_bytes(folder / "a.xmp", "");
    CHECK_FALSE(find_sidecar(photo));
    test::write_bytes(folder / "a.b.xmp", "");
    CHECK(find_sidecar(photo) == folder / "a.b.xmp");
    test::write_bytes(folder / "a.b.jpg.xmp", "");
    CHECK(find_sidecar(photo) == folder / "a.b.jpg.xmp");
    CHECK(new_sidecar(photo) == folder / "a.b.jpg.xmp");
}

TEST_CASE("what is not changed in a sidecar means the same to another reader", "[sidecar]") {
    const test::TemporaryFolder folder;
    const std::string program = GENERATE("darktable", "digikam", "lightroom");
    CAPTURE(program);
    const fs::path file = sidecar_of(program, folder);
    if (!test::has_exiftool()) {
        std::cout << "[skipped] exiftool is not installed\n";
        return;
    }
    const auto before = test::xmp_by_exiftool(file);
    XmpSidecar sidecar(file);
    CHECK_FALSE(sidecar.changed());
    sidecar.set("Xmp.piaa.Score", "7.25");
    sidecar.set_bag("Xmp.piaa.Flags", {"flat", "tiny"});
    CHECK(sidecar.changed());
    sidecar.write();

    auto after = test::xmp_by_exiftool(file);
    CHECK(after["XMP-piaa:Score"] == 7.25);
    CHECK(after["XMP-piaa:Flags"].size() == 2);
    CHECK(after.size() == before.size() + 2);
    for (const auto& [name, value] : before.items()) {
        CAPTURE(name);
        CHECK(after[name] == value);
    }

    // Taken away again, nothing is left of it.
    XmpSidecar again(file);
    again.remove("Xmp.piaa.Score");
    again.remove("Xmp.piaa.Flags");
    again.write();
    CHECK(test::xmp_by_exiftool(file) == before);
}

TEST_CASE("what stands around the metadata stays", "[sidecar]") {
    const test::TemporaryFolder folder;
    const fs::path file = sidecar_of("digikam", folder);
    const std::string before = test::read_bytes(file);
    XmpSidecar sidecar(file);
    sidecar.set("Xmp.piaa.Score", "1");
    const std::string after = sidecar.packet();
    CHECK(after.substr(0, after.find("<x:xmpmeta")) == before.substr(0, before.find("<x:xmpmeta")));
    CHECK(after.substr(after.find("</x:xmpmeta>")) == before.substr(before.find("</x:xmpmeta>")));
    CHECK(test::read_bytes(file) == before);

    test::write_bytes(file, R"(<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF )"
                            R"(xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">)"
                            R"(<rdf:Description rdf:about="uuid:a&amp;b"/></rdf:RDF></x:xmpmeta>)");
    XmpSidecar named(file);
    named.set("Xmp.piaa.Score", "1");
    CHECK_THAT(named.packet(), ContainsSubstring("rdf:about=\"uuid:a&amp;b\""));
}

TEST_CASE("a new sidecar holds what was set, structures and odd text too", "[sidecar]") {
    const test::TemporaryFolder folder;
    XmpSidecar sidecar(folder / "new.jpg.xmp");
    CHECK_FALSE(sidecar.before());
    sidecar.set("Xmp.piaa.Model", "a \"<&>\" b\n\xc3\xa4");
    sidecar.set_container("Xmp.iptcExt.ImageRegion", XmpSidecar::Kind::bag);
    sidecar.set_container("Xmp.iptcExt.ImageRegion[1]", XmpSidecar::Kind::structure);
    sidecar.set("Xmp.iptcExt.ImageRegion[1]/iptcExt:rId", "one");
    sidecar.write();

    const XmpSidecar read(folder / "new.jpg.xmp");
    CHECK(read.before());
    CHECK(read.text("Xmp.piaa.Model") == "a \"<&>\" b\n\xc3\xa4");
    CHECK(read.text("Xmp.iptcExt.ImageRegion[1]/iptcExt:rId") == "one");
    CHECK_FALSE(read.text("Xmp.xmp.Rating"));
    XmpSidecar changed(folder / "new.jpg.xmp");
    changed.remove("Xmp.iptcExt.ImageRegion");
    CHECK_FALSE(changed.text("Xmp.iptcExt.ImageRegion[1]/iptcExt:rId"));
}

TEST_CASE("a sidecar that is none is an error that names it, and stays as it is", "[sidecar]") {
    const test::TemporaryFolder folder;
    const fs::path file = folder / "a.xmp";
    const std::string whole = test::read_bytes(fs::path(PIAA_TEST_DATA) / "sidecars/darktable.xmp");
    for (const std::string& bytes :
         {std::string("hello"), std::string(64, '\xff'), whole.substr(0, whole.size() / 2),
          std::string("<x:xmpmeta><rdf:RDF>")}) {
        test::write_bytes(file, bytes);
        try {
            const XmpSidecar sidecar(file);
            FAIL("it was read");
        } catch (const Error& error) {
            CHECK(error.code() == ErrorCode::bad_data);
            CHECK_THAT(error.what(), Catch::Matchers::StartsWith(file.string() + ": "));
        }
        CHECK(test::read_bytes(file) == bytes);
    }
    fs::remove(file);
    fs::create_directory(file);
    CHECK_THROWS_AS(XmpSidecar(file), Error);
    CHECK_THROWS_AS(XmpSidecar(folder / "nowhere/a.xmp").write(), Error);
    CHECK_THROWS_AS(XmpSidecar(folder / "b.xmp").text("Xmp.unheardof.Thing"), Error);
}
