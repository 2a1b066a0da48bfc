#include "metadata/xmp_sidecar.h"

#include <iostream>

#include <boost/filesystem.hpp>

#include <piaa/error.h>

#include "metadata/crop_metadata.h"
#include "metadata/rdf_statements.h"
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

TEST_CASE("a new sidecar holds what was set, odd text and lists too", "[sidecar]") {
    const test::TemporaryFolder folder;
    XmpSidecar sidecar(folder / "new.jpg.xmp");
    CHECK_FALSE(sidecar.before());
    sidecar.set("Xmp.piaa.Model", "a \"<&>\" b\n\xc3\xa4");
    sidecar.set_items("Xmp.iptcExt.ImageRegion", "iptcExt", "ours",
                      {"<rdf:li xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" "
                       "xmlns:iptcExt=\"http://iptc.org/std/Iptc4xmpExt/2008-02-29/\" "
                       "rdf:parseType=\"Resource\"><iptcExt:rId>ours</iptcExt:rId></rdf:li>"});
    sidecar.write();

    const XmpSidecar read(folder / "new.jpg.xmp");
    CHECK(read.before());
    CHECK(read.text("Xmp.piaa.Model") == "a \"<&>\" b\n\xc3\xa4");
    CHECK(read.text("Xmp.iptcExt.ImageRegion[1]/iptcExt:rId") == "ours");
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

TEST_CASE("one meaning in RDF is one text, however it is written", "[sidecar]") {
    const auto said = [](const std::string& properties, const std::string& attributes = "") {
        return rdf_statements(
            "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" "
            "xmlns:a=\"urn:a#\"><rdf:Description rdf:about=\"\" " +
            attributes + ">" + properties + "</rdf:Description></rdf:RDF>");
    };
    CHECK(said("<a:b>5</a:b>") == said("", "a:b=\"5\""));
    CHECK(said("<a:s a:x=\"1\" a:y=\"2\"/>") ==
          said("<a:s rdf:parseType=\"Resource\"><a:y>2</a:y><a:x>1</a:x></a:s>"));
    CHECK(said("<a:s a:x=\"1\"/>") == said("<a:s><rdf:Description><a:x>1</a:x></rdf:Description></a:s>"));
    CHECK(said("<a:b>5</a:b>") != said("<a:b rdf:resource=\"5\"/>"));
    CHECK(said("<a:b xml:lang=\"de\">5</a:b>") != said("<a:b>5</a:b>"));
    CHECK(said("<a:b><rdf:Seq><rdf:li>1</rdf:li><rdf:li>2</rdf:li></rdf:Seq></a:b>") !=
          said("<a:b><rdf:Seq><rdf:li>2</rdf:li><rdf:li>1</rdf:li></rdf:Seq></a:b>"));
    for (const char* told : {"rdf:datatype=\"urn:int\"", "rdf:ID=\"five\""})
        CHECK(said("<a:b " + std::string(told) + ">5</a:b>") != said("<a:b>5</a:b>"));
    CHECK(said("<a:b rdf:nodeID=\"five\"/>") != said("<a:b/>"));
    CHECK(said("<a:b rdf:resource=\"5\" a:c=\"6\"/>") != said("<a:b rdf:resource=\"5\"/>"));
    CHECK(said("<a:s><a:Kind a:x=\"1\"/></a:s>") != said("<a:s><rdf:Description a:x=\"1\"/></a:s>"));
    CHECK(said("<a:s><rdf:Description rdf:about=\"urn:s\" a:x=\"1\"/></a:s>") !=
          said("<a:s><rdf:Description a:x=\"1\"/></a:s>"));
    CHECK_THROWS_AS(rdf_statements("<a><b></a>"), Error);
    CHECK_THROWS_AS(rdf_statements("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>"), Error);
}

TEST_CASE("of a photo's XMP a crop gets what is true of it", "[sidecar]") {
    const std::string packet =
        "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF "
        "xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">"
        "<rdf:Description rdf:about=\"\" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" "
        "xmlns:q=\"http://ns.google.com/"
        "photos/1.0/camera/\" xmlns:crs=\"http://ns.adobe.com/camera-raw-settings/1.0/\" "
        "xmlns:hdrgm=\"http://"
        "ns.adobe.com/hdr-gain-map/1.0/\" xmlns:GPano=\"http://ns.google.com/photos/1.0/panorama/\" "
        "xmlns:m=\"http://www.metadataworkinggroup.com/schemas/regions/\" xmp:Label=\"Red\" "
        "q:MotionPhoto=\"1\" "
        "crs:HasCrop=\"True\" hdrgm:Version=\"1.0\" GPano:UsePanoramaViewer=\"True\"><m:Regions "
        "rdf:parseType=\"Resource\"><m:RegionList><rdf:Bag><rdf:li m:Name=\"Ann\"/></rdf:Bag></m:RegionList>"
        "</m:Regions></rdf:Description></rdf:RDF></x:xmpmeta>";
    const auto left = rdf_statements(xmp_of_crop(packet, {}).value());
    REQUIRE(left.size() == 1);
    CHECK(left.begin()->first == "http://ns.adobe.com/xap/1.0/ Label");
    CHECK_FALSE(xmp_of_crop("no packet", {}));
    const std::string plain =
        "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/"
        "22-rdf-syntax-ns#\"><rdf:Description rdf:about=\"\" xmlns:xmp=\"http://ns.adobe.com/"
        "xap/1.0/\" xmp:Label=\"Red\"/></rdf:RDF></x:xmpmeta>";
    CHECK(xmp_of_crop(plain, {}) == plain);
    // What stays keeps its form, a resource too.
    std::string packet_with = packet;
    const std::string resource =
        "<cc:license xmlns:cc=\"http://creativecommons.org/ns#\" "
        "rdf:resource=\"http://x.org\"/>";
    packet_with.insert(packet_with.find("<m:Regions"), resource);
    const std::string both = xmp_of_crop(packet_with, {}).value();
    CHECK_THAT(both, ContainsSubstring(resource));
    CHECK(rdf_statements(both).size() == 2);
}

TEST_CASE("in a sidecar of any form, only what was asked for changes", "[sidecar]") {
    const test::TemporaryFolder folder;
    const fs::path file = folder / "a.xmp";
    const std::string rdf = "xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"";
    const std::string spaces =
        "xmlns:cc=\"http://creativecommons.org/ns#\" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\"";
    const std::string untouched = GENERATE(
        "<cc:license rdf:resource=\"http://x.org/by?a=1&amp;b=2\"/>",
        "<cc:work rdf:parseType=\"Resource\"><cc:license rdf:resource=\"http://x.org\"/></cc:work>",
        "<cc:l><rdf:Bag><rdf:li rdf:resource=\"http://x.org\"/><rdf:li>text</rdf:li></rdf:Bag></cc:l>",
        "<cc:l><rdf:Seq><rdf:li><rdf:Description cc:a='1'><cc:b "
        "rdf:resource='u:b'/></rdf:Description></rdf:li>"
        "</rdf:Seq></cc:l>",
        "<cc:l rdf:datatype=\"http://www.w3.org/2001/XMLSchema#int\">5</cc:l>",
        "<cc:l xml:lang=\"de\">f\xc3\xbc"
        "nf</cc:l><!-- a remark --><cc:m><![CDATA[<5>]]></cc:m>");
    CAPTURE(untouched);
    const auto written = [&](const std::string& packet) {
        test::write_bytes(file, packet);
        XmpSidecar sidecar(file);
        sidecar.set("Xmp.xmp.Rating", "4");
        sidecar.set("Xmp.piaa.Score", "7.25");
        sidecar.write();
        CHECK(XmpSidecar(file).text("Xmp.xmp.Rating") == "4");
        CHECK(XmpSidecar(file).text("Xmp.piaa.Score") == "7.25");
        CHECK_FALSE(XmpSidecar(file).changed());
        return test::read_bytes(file);
    };
    const auto described = [&](const std::string& attributes, const std::string& rest) {
        return "<rdf:Description rdf:about=\"\" " + spaces + attributes + ">" + untouched + rest +
               "</rdf:Description>";
    };
    for (const auto& [attributes, rest] : {std::pair<std::string, std::string>{"", ""},
                                           {" xmp:Rating='1' xmp:Label=\"R>ed\"", ""},
                                           {"", "<xmp:Rating>1</xmp:Rating>"}}) {
        const std::string after =
            written("<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF " + rdf + ">" +
                    described(attributes, rest) + "</rdf:RDF></x:xmpmeta>\n<!-- end -->");
        CHECK_THAT(after, ContainsSubstring(untouched));
        CHECK_THAT(after, ContainsSubstring("</x:xmpmeta>\n<!-- end -->"));
        if (!attributes.empty()) CHECK(XmpSidecar(file).text("Xmp.xmp.Label") == "R>ed");
    }
    // Without Adobe's root; about something, in two descriptions; with nothing in it yet.
    CHECK_THAT(written("<rdf:RDF " + rdf + ">" + described("", "") + "</rdf:RDF>"),
               ContainsSubstring(untouched));
    const std::string other =
        written("<rdf:RDF " + rdf + "><rdf:Description rdf:about=\"a&amp;b\"/><rdf:Description " +
                "xmlns:q=\"http://ns.adobe.com/xap/1.0/\" rdf:about=\"a&amp;b\" q:Rating=\"2\"/></rdf:RDF>");
    CHECK_THAT(other, ContainsSubstring("rdf:about=\"a&amp;b\"") && !ContainsSubstring("Rating=\"2\""));
    written("<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF " + rdf + "/></x:xmpmeta>");
}

TEST_CASE("a sidecar in UTF-16 is written too", "[sidecar]") {
    const test::TemporaryFolder folder;
    const fs::path file = folder / "a.xmp";
    const std::string packet =
        "<?xml version=\"1.0\" encoding=\"UTF-16\"?><x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF "
        "xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description rdf:about=\"\" "
        "xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" xmp:Label=\"Red\"/></rdf:RDF></x:xmpmeta>";
    std::string wide = "\xff\xfe";
    for (const char letter : packet) wide += {letter, '\0'};
    test::write_bytes(file, wide);
    XmpSidecar sidecar(file);
    sidecar.set("Xmp.xmp.Rating", "4");
    sidecar.write();
    CHECK(XmpSidecar(file).text("Xmp.xmp.Rating") == "4");
    CHECK(XmpSidecar(file).text("Xmp.xmp.Label") == "Red");
}

TEST_CASE("an empty sidecar is written as a new one is", "[sidecar]") {
    const test::TemporaryFolder folder;
    const fs::path file = folder / "a.xmp";
    for (const std::string& nothing : {std::string(), std::string(" \n"), std::string(4, '\0')}) {
        test::write_bytes(file, nothing);
        XmpSidecar sidecar(file);
        sidecar.set("Xmp.xmp.Rating", "4");
        sidecar.write();
        CHECK(XmpSidecar(file).text("Xmp.xmp.Rating") == "4");
    }
}

TEST_CASE("a.xmp belongs to one photo: that with a RAW file, else the first", "[sidecar]") {
    const test::TemporaryFolder folder;
    for (const char* name : {"a.jpg", "a.png", "a.xmp"}) test::write_bytes(folder / name, "");
    CHECK(find_sidecar(folder / "a.jpg") == folder / "a.xmp");
    CHECK_FALSE(find_sidecar(folder / "a.png"));
    test::write_bytes(folder / "a.NEF", "");
    CHECK(find_sidecar(folder / "a.NEF") == folder / "a.xmp");
    CHECK(find_sidecar(folder / "a.jpg") == folder / "a.xmp");
    CHECK_FALSE(find_sidecar(folder / "a.png"));
}
