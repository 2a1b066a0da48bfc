// What is read of XMP: the stars in a sidecar, and those inside a photo. The first byte says where.

#include <piaa/error.h>

#include "fuzz_target.h"
#include "input_file.h"
#include "xmp_ratings.h"

namespace {

constexpr char in_sidecar = 'S';
constexpr char in_photo = 'P';

/// A JPEG of nothing but metadata.
std::string photo_with(const std::string& xmp) {
    const std::string content = std::string("http://ns.adobe.com/xap/1.0/") + '\0' + xmp;
    const std::size_t length = content.size() + 2;
    return std::string("\xFF\xD8\xFF\xE1") + static_cast<char>(length >> 8) + static_cast<char>(length) + content +
           "\xFF\xD9";
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
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
        start + R"(<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="4"/>)" + end;
    const std::string as_element = start + R"(<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><xmp:Rating>-1</xmp:Rating>
<dc:subject><rdf:Bag><rdf:li>sea</rdf:li><rdf:li>&lt;b&gt; &amp; x</rdf:li></rdf:Bag></dc:subject>
</rdf:Description>)" + end;
    return {in_sidecar + as_attribute, in_sidecar + as_element,
            in_sidecar + ("<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?>" + start + end + "<?xpacket end='w'?>"),
            in_photo + photo_with(as_attribute), in_photo + photo_with(as_element)};
}
