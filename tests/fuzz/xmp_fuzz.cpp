// What is read of XMP: the stars in a sidecar, and those inside a photo; and the photo's bytes when XMP is
// put into it. The first byte says which.

#include <cstdlib>

#include <piaa/error.h>

#include "fuzz_target.h"
#include "input_file.h"
#include "metadata/embedded_xmp.h"
#include "metadata/xmp_ratings.h"

namespace {

constexpr char in_sidecar = 'S';
constexpr char in_photo = 'P';
constexpr char into_photo = 'I';

/// A JPEG of nothing but metadata.
std::string photo_with(const std::string& xmp) {
    const std::string content = std::string("http://ns.adobe.com/xap/1.0/") + '\0' + xmp;
    const std::size_t length = content.size() + 2;
    return std::string("\xFF\xD8\xFF\xE1") + static_cast<char>(length >> 8) + static_cast<char>(length) +
           content + "\xFF\xD9";
}

/// What was put in is there, and taking it back gives the bytes there were.
void put_into(std::string_view bytes) {
    using namespace piaa::cli;
    try {
        const Splice splice = EmbeddedXmp(bytes).replaced_by("<x/>");
        const std::string after = spliced(bytes, splice);
        if (EmbeddedXmp(after).packet() != "<x/>" ||
            spliced(after, {splice.at, splice.inserted, splice.removed}) != bytes)
            std::abort();
    } catch (const CannotEmbed&) {
    }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    if (data[0] == into_photo) {
        put_into({reinterpret_cast<const char*>(data) + 1, size - 1});
        return 0;
    }
    static const piaa::test::InputFile photo(".jpg");
    static const piaa::test::InputFile sidecar(".jpg.xmp");
    if (data[0] == in_photo) {
        photo.set(data + 1, size - 1);
        sidecar.set(data, 0);
    } else {
        photo.set(data, 0);
        sidecar.set(data + 1, size - 1);
    }
    try {
        piaa::cli::find_stars(photo.path());
    } catch (const piaa::Error&) {
    }
    return 0;
}

std::vector<std::string> fuzz_seeds() {
    const std::string start = R"(<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">)";
    const std::string end = "</rdf:RDF></x:xmpmeta>";
    const std::string as_attribute =
        start + R"(<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="4"/>)" +
        end;
    const std::string as_element = start +
                                   R"(<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><xmp:Rating>-1</xmp:Rating>
<dc:subject><rdf:Bag><rdf:li>sea</rdf:li><rdf:li>&lt;b&gt; &amp; x</rdf:li></rdf:Bag></dc:subject>
</rdf:Description>)" + end;
    using namespace std::string_literals;
    const std::string png =
        "\x89PNG\r\n\x1a\n\0\0\0\0IHDR....\0\0\0\x16iTXtXML:com.adobe.xmp\0\0\0\0\0...."s +
        "\0\0\0\0IEND...."s;
    std::string jpeg = photo_with(as_attribute);
    jpeg.insert(jpeg.size() - 2, "\xFF\xDA\0\2"s);  // a scan, before the end
    return {into_photo + jpeg,
            into_photo + png,
            in_sidecar + as_attribute,
            in_sidecar + as_element,
            in_sidecar +
                ("<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?>" + start + end + "<?xpacket end='w'?>"),
            in_photo + photo_with(as_attribute),
            in_photo + photo_with(as_element)};
}
