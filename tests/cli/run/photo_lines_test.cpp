#include "run/photo_lines.h"

#include <thread>

#include <unistd.h>

#include "console/base64.h"
#include "support/catch.h"

using namespace piaa;
using namespace piaa::cli;

namespace {

/// The reading end of a pipe that somebody writes the text into.
class Piped {
public:
    explicit Piped(std::string text) {
        REQUIRE(::pipe(ends_) == 0);
        writer_ = std::thread([this, text = std::move(text)] {
            for (std::size_t start = 0; start < text.size();) {
                const ssize_t count = ::write(ends_[1], text.data() + start, text.size() - start);
                if (count <= 0) break;
                start += static_cast<std::size_t>(count);
            }
            ::close(ends_[1]);
        });
    }
    ~Piped() {
        writer_.join();
        ::close(ends_[0]);
    }
    Piped(const Piped&) = delete;
    Piped& operator=(const Piped&) = delete;
    int descriptor() const { return ends_[0]; }

private:
    int ends_[2];
    std::thread writer_;
};

std::vector<Photo> photos_in(const std::string& text, const LineForm& form = {}) {
    const Piped piped(text);
    const auto source = photo_lines(piped.descriptor(), form);
    std::vector<Photo> photos;
    while (auto photo = source()) photos.push_back(std::move(*photo));
    return photos;
}

std::string problem_of(const std::string& line, const LineForm& form = {}) {
    const auto photos = photos_in(line + "\n", form);
    REQUIRE(photos.size() == 1);
    return photos.front().problem ? photos.front().problem->what() : "";
}

std::vector<std::string> files_in(const std::string& text, const LineForm& form = {}) {
    std::vector<std::string> files;
    for (const auto& photo : photos_in(text, form)) files.push_back(photo.file.string());
    return files;
}

}  // namespace

TEST_CASE("each line of a list is one photo, an empty one a problem", "[photo_lines]") {
    CHECK(files_in("a.jpg\nb c.jpg\nlast") == std::vector<std::string>{"a.jpg", "b c.jpg", "last"});
    CHECK(files_in("").empty());
    const auto photos = photos_in("a.jpg\n\nb.jpg\n");
    REQUIRE(photos.size() == 3);
    CHECK_FALSE(photos[0].problem);
    CHECK(photos[1].problem->what() == std::string("line 2: is empty and should be a path"));
    CHECK(photos[2].file == "b.jpg");
}

TEST_CASE("a list ended by NUL holds paths of any bytes", "[photo_lines]") {
    CHECK(files_in(std::string("a\nb.jpg\0\0{c.jpg\0", 17), {.nul_separated = true}) ==
          std::vector<std::string>{"a\nb.jpg", "{c.jpg"});
}

TEST_CASE("lines of other systems are read without their marks", "[photo_lines]") {
    CHECK(files_in("\xef\xbb\xbf"
                   "a.jpg\r\nb\rc.jpg\r\n{\"path\": \"d.jpg\"}\r\n\xef\xbb\xbf"
                   "e.jpg\r") == std::vector<std::string>{"a.jpg", "b\rc.jpg", "d.jpg",
                                                          "\xef\xbb\xbf"
                                                          "e.jpg"});
    CHECK(photos_in("\xef\xbb\xbf"
                    "k\ta.jpg\r\n",
                    {.keys = true})
              .front()
              .id == "k");
    CHECK(problem_of("\r") == "line 1: is empty and should be a path");
    CHECK(files_in(std::string("a.jpg\r\0", 7), {.nul_separated = true}) ==
          std::vector<std::string>{"a.jpg\r"});
}

TEST_CASE("a line with a zero byte names no photo", "[photo_lines]") {
    const std::string zero(1, '\0');
    for (const std::string& line : {"base.jpg" + zero + ".txt", zero, "{\"path\": \"a\"" + zero + "}"}) {
        CHECK(problem_of(line) == "line 1: holds a zero byte");
        CHECK(problem_of("k\t" + line, {.keys = true}) == "line 1: holds a zero byte");
    }
    CHECK(files_in("base.jpg" + zero + ".txt\n") == std::vector<std::string>{""});
}

TEST_CASE("a path is handed out before the list ends, and a wake-up ends the wait", "[photo_lines]") {
    int list[2], wake[2];
    REQUIRE(::pipe(list) == 0);
    REQUIRE(::pipe(wake) == 0);
    const auto source = photo_lines(list[0], {}, wake[0]);
    REQUIRE(::write(list[1], "a.jpg\nb.j", 9) == 9);
    CHECK(source()->file == "a.jpg");
    REQUIRE(::write(wake[1], "", 1) == 1);
    CHECK_FALSE(source().has_value());
}

TEST_CASE("a line may bring the caller's key, a profile and the photo itself", "[photo_lines]") {
    const std::string bytes(300'000, '\xff');
    const auto photos = photos_in(R"({"id": "k1", "path": "a.jpg", "profile": "me.pt"})"
                                  "\n"
                                  R"({"id": 7, "base64": ")" +
                                  base64(bytes) +
                                  "\"}\n"
                                  R"({"base64": "", "path": "name.jpg", "id": null})"
                                  "\n");
    REQUIRE(photos.size() == 3);
    for (const Photo& photo : photos) CHECK_FALSE(photo.problem);
    CHECK(photos[0].id == "k1");
    CHECK(photos[0].file == "a.jpg");
    CHECK(photos[0].profile == "me.pt");
    CHECK_FALSE(photos[0].bytes);
    CHECK(photos[1].id == "7");
    CHECK(photos[1].file == "7");
    REQUIRE(photos[1].bytes);
    CHECK(photos[1].bytes->span().size() == bytes.size());
    CHECK(photos[1].bytes->span()[299'999] == std::byte{0xff});
    CHECK_FALSE(photos[1].bytes->stamp());
    CHECK(photos[2].file == "name.jpg");
    CHECK(photos[2].bytes->span().empty());
}

TEST_CASE("base64 may be that of URLs, and without padding", "[photo_lines]") {
    for (const char* text : {"+/+/+w==", "-_-_-w==", "-_-_-w", "+/+/+w"})
        CHECK(from_base64(text) == std::string("\xfb\xff\xbf\xfb"));
    for (const char* text :
         {"+/+/+w=", "+/+/+w===", "+", "+/+/+", "a=bc", "a bc", "ab==cd==", "====", "ab\n="})
        CHECK_FALSE(from_base64(text));
    CHECK(from_base64("") == "");
}

TEST_CASE("a key stands before the path", "[photo_lines]") {
    const LineForm form{.keys = true};
    const auto photos = photos_in("k 1\ta\tb.jpg\n\t{c.jpg\n", form);
    REQUIRE(photos.size() == 2);
    CHECK(photos[0].id == "k 1");
    CHECK(photos[0].file == "a\tb.jpg");
    CHECK(photos[1].id.empty());
    CHECK(photos[1].file == "{c.jpg");
    CHECK(problem_of("a.jpg", form) == "line 1: has no tab and should be a key, a tab and a path");
    CHECK(problem_of("k\t", form) == "line 1: is empty and should be a path");
}

TEST_CASE("a line that cannot be understood says what it should be, and keeps its key", "[photo_lines]") {
    CHECK(problem_of("{\"path\": \"a.jpg\"") == "line 1: starts like JSON and is damaged or cut off");
    CHECK(problem_of("{}") == "line 1: has no path and no base64 and should have one of them");
    CHECK(problem_of(R"({"path": 3})") == "line 1: its path should be text");
    CHECK(problem_of(R"({"path": "a.jpg", "id": [1]})") == "line 1: its id should be text or a number");
    CHECK(problem_of(R"({"path": "a.jpg", "id": 18446744073709551616})") ==
          "line 1: its id is a number of more than 64 bits and should be text");
    CHECK(problem_of(R"({"path": "a.jpg\u0000/b"})") == "line 1: its path holds a zero byte");
    CHECK(problem_of(R"({"base64": "abcde"})") == "line 1: its base64 is damaged or cut off");
    CHECK(problem_of(R"({"path": "a.jpg", "aspect": "1:1"})") ==
          "line 1: has 'aspect' and should have id, path, base64 and profile at most");
    CHECK(problem_of(R"({"path": "a.jpg", "id": 1, "path": "b.jpg"})") ==
          "line 1: has 'path' more than once and should have it once");
    const auto photos = photos_in(R"({"id": "k", "base64": "?"})"
                                  "\n"
                                  R"({"id": "c"})"
                                  "\n");
    REQUIRE(photos.size() == 2);
    CHECK(photos.front().id == "k");
    CHECK(photos.back().id == "c");
    CHECK(photos.back().file.empty());
}

TEST_CASE("a line may have a URL where those are taken", "[photo_lines]") {
    const LineForm form{.urls = true};
    const std::string url = R"("url": "https://images.example.com/a.jpg")";
    const auto photos = photos_in("{" + url + "}\n{\"path\": \"a.jpg\", " + url + "}\n", form);
    REQUIRE(photos.size() == 2);
    for (const Photo& photo : photos) CHECK(photo.url == "https://images.example.com/a.jpg");
    CHECK(photos[0].file == "https://images.example.com/a.jpg");
    CHECK(photos[1].file == "a.jpg");
    CHECK(problem_of("{" + url + "}") ==
          "line 1: has 'url' and should have id, path, base64 and profile at most");
    CHECK(problem_of("{\"aspect\": 1, " + url + "}", form) ==
          "line 1: has 'aspect' and should have id, path, base64, url and profile at most");
    CHECK(problem_of("{\"base64\": \"\", " + url + "}", form) ==
          "line 1: has base64 and url and should have one of them");
    CHECK(problem_of("{}", form) == "line 1: has no path, no base64 and no url and should have one of them");
}
