#include "support/hostile_corpus.h"

#include <cerrno>
#include <cstring>
#include <stdexcept>

#include <boost/filesystem/operations.hpp>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "support/photo_files.h"
#include "support/pictures.h"

namespace piaa::test {
namespace fs = boost::filesystem;

std::vector<NamedBytes> good_photos(const fs::path& folder) {
    const Image picture = disc({64, 48}, 0.4, 0.5, 0.3, {200, 180, 90}, {20, 40, 120});
    std::vector<NamedBytes> seeds;
    const auto add = [&](const std::string& name, const FileKind& kind) {
        seeds.push_back({name, read_bytes(write_photo(picture, folder / "seed", kind))});
    };
    add("baseline.jpg", {.suffix = ".jpg"});
    add("progressive.jpg", {.suffix = ".jpg[interlace=true]"});
    add("cmyk.jpg", {.suffix = ".jpg", .space = "cmyk"});
    add("profile.jpg", {.suffix = ".jpg", .space = "p3", .orientation = 6});
    add("plain.png", {.suffix = ".png"});
    add("deep.png", {.suffix = ".png", .space = "rgb16", .alpha = 90});
    add("plain.webp", {.suffix = ".webp"});
    add("plain.tif", {.suffix = ".tif"});
    add("packed.tif", {.suffix = ".tif[compression=lzw]"});
    add("plain.gif", {.suffix = ".gif"});
    add("plain.jxl", {.suffix = ".jxl"});
    add("deep.jxl", {.suffix = ".jxl[lossless=true]", .space = "rgb16"});
    seeds.push_back({"palette.bmp", bmp_bytes(picture, 8)});
    seeds.push_back({"plain.bmp", bmp_bytes(picture, 24)});
    for (const char* sample : {"sample.heic", "sample.avif"})
        seeds.push_back({sample, read_bytes(PIAA_TEST_DATA + std::string("/") + sample)});
    return seeds;
}

namespace {

void must(bool worked) {
    if (!worked) throw std::runtime_error(std::string("the corpus cannot be made: ") + std::strerror(errno));
}

/// A JPEG with one more segment behind its start.
std::string with_segment(const std::string& jpeg, char marker, const std::string& content) {
    const std::size_t length = content.size() + 2;
    std::string segment{'\xFF', marker, static_cast<char>(length >> 8), static_cast<char>(length)};
    return jpeg.substr(0, 2) + segment + content + jpeg.substr(2);
}

std::string repeated(const std::string& text, int times) {
    std::string all;
    for (int i = 0; i < times; ++i) all += text;
    return all;
}

/// GIF frames of one pixel each, so that a small file holds many.
std::string many_frames(int count) {
    std::string gif("GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xFF\xFF\xFF", 19);
    gif += repeated(std::string("\x2C\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0", 15), count);
    return gif + ";";
}

void fill(Corpus& corpus, const std::vector<NamedBytes>& seeds) {
    for (const auto& [name, bytes] : seeds) {
        for (std::size_t eighth = 1; eighth < 8; ++eighth)
            corpus.add("cut" + std::to_string(eighth) + "-" + name,
                       bytes.substr(0, bytes.size() * eighth / 8));
        for (std::size_t flip = 0; flip < 4; ++flip) {
            std::string damaged = bytes;
            // In the header first, where lengths and sizes are, then further on.
            const std::size_t at = flip == 0 ? 9 : bytes.size() * flip / 4 - 1;
            damaged[at] = static_cast<char>(damaged[at] ^ (1 << (flip * 2 + 1)));
            corpus.add("flip" + std::to_string(flip) + "-" + name, damaged);
        }
        corpus.add("tail-" + name, bytes + std::string(5000, '\xFF'));
        corpus.add("head-only-" + name, bytes.substr(0, 16));
        corpus.add("header-of-another-" + name, seeds.front().bytes.substr(0, 12) + bytes.substr(12));
    }
    const std::string& jpeg = seeds.front().bytes;
    corpus.add("empty.jpg", "");
    corpus.add("one-byte.png", "\x89");
    corpus.add("zeros.jpg", std::string(4096, '\0'));
    corpus.add("text.webp", "<html>not a picture</html>");
    corpus.add("script.jpg", "#!/bin/sh\ntouch /tmp/piaa-was-executed\n");
    corpus.add("drawing.png", "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>");
    corpus.add("postscript.jpg", "%!PS-Adobe-3.0\nshowpage\n");
    corpus.add("magick.gif", "push graphic-context\nviewbox 0 0 640 480\nfill 'url(https://127.0.0.1/x)'\n");
    for (const int side : {30'000, 65'535, 1'000'000, 2'147'483'647})
        corpus.add("giant-" + std::to_string(side) + ".png", png_header({side, side}));
    corpus.add("giant-thin.png", png_header({2'000'000'000, 1}));
    corpus.add("no-size.png", png_header({0, 0}));
    std::string giant_bmp = seeds[11].bytes;
    std::memcpy(giant_bmp.data() + 18, "\xFF\xFF\xFF\x7F\xFF\xFF\xFF\x7F", 8);
    corpus.add("giant.bmp", giant_bmp);
    const std::string xmp = "http://ns.adobe.com/xap/1.0/";
    corpus.add("deep-xmp.jpg", with_segment(jpeg, '\xE1', xmp + '\0' + repeated("<a>", 20'000)));
    corpus.add("entity-xmp.jpg",
               with_segment(jpeg, '\xE1',
                            xmp + '\0' + "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><x>&a;</x>"));
    const std::string icc("ICC_PROFILE\0\x01\x01", 14);
    corpus.add("odd-icc.jpg", with_segment(jpeg, '\xE2', icc + std::string(200, '\xAA')));
    corpus.add("short-icc.jpg", with_segment(jpeg, '\xE2', icc));
    corpus.add("missing-part-icc.jpg",
               with_segment(jpeg, '\xE2', std::string("ICC_PROFILE\0\x02\x09", 14) + std::string(64, 'x')));
    std::string exif_loop("Exif\0\0II*\0\x08\0\0\0\x01\0\x69\x87\x04\0\x01\0\0\0\x08\0\0\0\0\0\0\0", 32);
    corpus.add("looping-exif.jpg", with_segment(jpeg, '\xE1', exif_loop));
    corpus.add("many-frames.gif", many_frames(20'000));
    // Directories of a TIFF that follow each other in a circle.
    corpus.add("looping.tif", std::string("II*\0\x08\0\0\0\0\0\x08\0\0\0", 14));
}

void add_what_is_no_file(Corpus& corpus) {
    must(::mkfifo(corpus.path("pipe.jpg").c_str(), 0600) == 0);
    corpus.added("pipe.jpg");
    const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = corpus.path("socket.jpg").string();
    must(path.size() < sizeof address.sun_path);
    std::memcpy(address.sun_path, path.c_str(), path.size());
    must(::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    ::close(socket);
    corpus.added("socket.jpg");
    fs::create_directory(corpus.path("folder.jpg"));
    corpus.added("folder.jpg");
    fs::create_symlink("nowhere", corpus.path("dangling.jpg"));
    corpus.added("dangling.jpg");
    fs::create_symlink("circle.jpg", corpus.path("circle.jpg"));
    corpus.added("circle.jpg");
    fs::create_symlink("/dev/zero", corpus.path("endless.jpg"));
    corpus.added("endless.jpg");
}

}  // namespace

void Corpus::add(const std::string& name, const std::string& bytes) {
    write_bytes(folder_ / name, bytes);
    names_.insert(name);
}

Corpus hostile_corpus(const fs::path& folder) {
    fs::create_directories(folder);
    Corpus corpus(folder);
    const auto good = good_photos(folder.parent_path());
    fill(corpus, good);
    add_what_is_no_file(corpus);
    for (const auto& [name, bytes] : good) corpus.add("good-" + name, bytes);
    return corpus;
}

}  // namespace piaa::test
