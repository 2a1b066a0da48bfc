// piaa-batch serve as a real process on the loopback, asked by curl.
#include <csignal>
#include <fstream>
#include <sstream>

#include <boost/filesystem/directory.hpp>
#include <boost/filesystem/operations.hpp>
#include <nlohmann/json.hpp>
#include <sys/socket.h>

#include "cli/service/running_service.h"
#include "commands/serve_command.h"
#include "console/base64.h"
#include "console/exit_code.h"
#include "support/catch.h"
#include "support/child_process.h"
#include "support/grain.h"
#include "support/level_pictures.h"
#include "support/photo_files.h"
#include "support/pictures.h"

using namespace piaa;
using test::ChildProcess;
using test::Response;
using test::rows_of;
using test::Service;
using Json = nlohmann::ordered_json;
namespace fs = boost::filesystem;

TEST_CASE("serve answers a photo by the row of the command line, however it is sent", "[serve]") {
    const Service service;
    Json row = service.row(service.dark, false);
    row["path"] = "";
    const auto body = service.send("/v1/score", service.dark);
    CHECK(body.status == 200);
    CHECK(body.json() == row);
    CHECK(service.curl("/v1/score", {"-F", "image=@" + service.dark + ";type=image/jpeg"}).json() == row);
    const Json sent = {{"image", {{"base64", cli::base64(test::read_bytes(service.dark))}}}, {"id", "k"}};
    const Json answer = service.send_text("/v1/score", sent.dump(), "application/json").json();
    CHECK(answer["id"] == "k");
    CHECK(answer["score"] == row["score"]);
    const Json named =
        service.send_text("/v1/score", R"({"image": {"path": "dark.jpg"}})", "application/json").json();
    CHECK(named["path"] == "dark.jpg");
    CHECK(named["score"] == row["score"]);

    const Json personal = service.send("/v1/score?profile=me", service.dark).json();
    CHECK(personal["score"] == service.row(service.dark, true)["score"]);
    CHECK(personal["score"] > row["score"]);
}

TEST_CASE("serve crops and explains, and gives the best crop itself", "[serve]") {
    const Service service;
    const auto crops =
        rows_of(service.send("/v1/crop?aspect=1:1&aspect=4:5&count=1&looks=0", service.dark).body);
    REQUIRE(crops.size() == 2);
    CHECK(crops[0]["format"] == "1:1");
    CHECK(crops[0]["crops"].size() == 1);
    const Json box = crops[0]["crops"][0]["box"];
    CHECK(box["w"] == box["h"]);
    const auto picture =
        service.send("/v1/crop?aspect=1:1", service.dark, "image/jpeg", {"-H", "Accept: image/jpeg"});
    CHECK(picture.status == 200);
    CHECK(picture.head.find("Content-Type: image/jpeg") != std::string::npos);
    test::write_bytes(service.folder / "crop.jpg", picture.body);
    const Json again = service.row((service.folder / "crop.jpg").string(), false);
    CHECK(again["error"] == "");
    CHECK(service.send("/v1/explain", service.dark).json()["places"].size() == 9);
}

TEST_CASE("serve explains a photo as the command does, with its key, however it is sent", "[serve]") {
    const Service service;
    const auto ending =
        ChildProcess({PIAA_BATCH, "explain", service.dark, "--into", (service.folder / "maps").string(),
                      "--model", test::tiny_model().info().file.string(), "--device", "cpu", "--quiet"})
            .wait();
    CHECK(ending.exit_code == 0);
    Json expected = Json::parse(test::read_bytes(service.folder / "maps/dark.json"));
    CHECK(expected["schema"] == 1);
    CHECK(expected["error"] == "");
    CHECK(expected["sharpness"].get<std::string>().find("Sharpest at: ") == 0);
    expected["id"] = "k";
    expected["path"] = "dark.jpg";
    CHECK(service.send("/v1/explain?id=k&path=dark.jpg", service.dark).json() == expected);
    CHECK(service.curl("/v1/explain?id=k&path=dark.jpg", {"-d", ""}).json() == expected);
    const Json named = {{"id", "k"}, {"path", "dark.jpg"}};
    Json sent = named;
    sent["base64"] = cli::base64(test::read_bytes(service.dark));
    const auto rows = rows_of(
        service
            .send_text("/v1/explain",
                       named.dump() + "\n" + sent.dump() + "\n" + R"({"id": "gone", "path": "none.jpg"})",
                       "application/x-ndjson")
            .body);
    REQUIRE(rows.size() == 3);
    CHECK(rows[0] == expected);
    CHECK(rows[1] == expected);
    for (const char* key : {"schema", "id", "path", "model", "error"}) CHECK(rows[2].contains(key));
    CHECK(rows[2]["id"] == "gone");
}

TEST_CASE("serve levels tilted photos where it is asked to", "[serve]") {
    const Service service;
    const auto photo = test::write_photo(test::facade({900, 600}, 3), service.folder / "photos/tilted",
                                         {.suffix = ".jpg[Q=90]"})
                           .string();
    const std::string question = "/v1/crop?aspect=1:1&count=1&straighten=true";
    const auto rows = rows_of(service.send(question, photo).body);
    REQUIRE(rows.size() == 1);
    CHECK(rows[0]["angle"] == Approx(3).margin(0.3));
    CHECK(rows[0]["width"] < 900);
    Json expected =
        Json::parse(ChildProcess({PIAA_BATCH, "crop", photo, "--straighten", "--aspect", "1:1", "--count",
                                  "1", "--model", test::tiny_model().info().file.string(), "--device", "cpu",
                                  "--format", "jsonl", "--quiet"})
                        .wait()
                        .output);
    expected["path"] = "";
    CHECK(rows[0] == expected);
    test::write_bytes(service.folder / "lines", "{\"path\": \"tilted.jpg\"}\n{\"path\": \"none.jpg\"}\n");
    const auto lines =
        rows_of(service.send(question, (service.folder / "lines").string(), "application/x-ndjson").body);
    REQUIRE(lines.size() == 2);
    CHECK(lines[0]["crops"] == rows[0]["crops"]);
    CHECK(lines[1]["angle"] == 0.0);
    for (const std::string type : {"image/jpeg", "image/svg+xml"})
        CHECK(service.send(question, photo, "image/jpeg", {"-H", "Accept: " + type}).status == 200);
    CHECK_FALSE(rows_of(service.send("/v1/crop", photo).body)[0].contains("angle"));
    const Json sent = {{"id", "k"}, {"base64", cli::base64(test::read_bytes(photo))}};
    const auto by_bytes =
        rows_of(service.send_text(question, sent.dump() + "\n", "application/x-ndjson").body);
    REQUIRE(by_bytes.size() == 1);
    CHECK(by_bytes[0]["crops"] == rows[0]["crops"]);
}

TEST_CASE("serve makes posters with text, and refuses text that nothing would show", "[serve]") {
    const Service service;
    const std::string place =
        "/v1/"
        "crop?aspect=1:1&blank=0.1,0.1,0.8,0.2&text=Summer%20%26%20sun&text-colour=%23ff0000&contrast=4.5";
    const auto poster = service.send(place, service.dark, "image/jpeg", {"-H", "Accept: image/svg+xml"});
    CHECK(poster.status == 200);
    CHECK(poster.head.find("Content-Type: image/svg+xml") != std::string::npos);
    CHECK(poster.body.find(">Summer &amp; sun</text>") != std::string::npos);
    CHECK(poster.body.find("fill=\"#ff0000\"") != std::string::npos);
    // As the command line writes it.
    const auto ending = ChildProcess({PIAA_BATCH,
                                      "crop",
                                      service.dark,
                                      "--model",
                                      test::tiny_model().info().file.string(),
                                      "--device",
                                      "cpu",
                                      "--aspect",
                                      "1:1",
                                      "--blank",
                                      "0.1,0.1,0.8,0.2",
                                      "--text",
                                      "Summer & sun",
                                      "--text-colour",
                                      "#ff0000",
                                      "--contrast",
                                      "4.5",
                                      "--count",
                                      "1",
                                      "--svg",
                                      (service.folder / "posters").string(),
                                      "--quiet"})
                            .wait();
    CHECK(ending.exit_code == 0);
    const fs::path file = fs::directory_iterator(service.folder / "posters")->path();
    CHECK(test::read_bytes(file) == poster.body);

    for (const char* type : {"*/*", "image/jpeg"}) {
        const auto refused =
            service.send(place, service.dark, "image/jpeg", {"-H", std::string("Accept: ") + type});
        CHECK(refused.status == 400);
        CHECK(refused.json()["detail"].get<std::string>().find("'text' shows in a poster alone") == 0);
    }
    const auto detail = [](const Response& refused) {
        CHECK(refused.status == 400);
        return refused.json()["detail"].get<std::string>();
    };
    const auto accepting = [&](const std::string& path, const std::string& types) {
        return service.send(path, service.dark, "image/jpeg", {"-H", "Accept: " + types});
    };
    CHECK(detail(accepting("/v1/crop?aspect=1:1&text=Summer", "image/svg+xml"))
              .find("1 text is given, and format 1:1 has room for none") == 0);
    CHECK(detail(accepting(place + "&text=More", "image/svg+xml"))
              .find("2 texts are given, and format 1:1 has room for 1") == 0);
    test::write_bytes(service.folder / "lines", R"({"path": "dark.jpg"})");
    const auto lines = service.send(place, (service.folder / "lines").string(), "application/x-ndjson",
                                    {"-H", "Accept: image/svg+xml"});
    CHECK(detail(lines).find("'text' shows in a poster alone, and lines make none") == 0);
}

TEST_CASE("serve takes presets by name alone, and reads no file for one", "[serve]") {
    const Service service;
    const std::string own = (service.folder / "photos/own.json").string();
    test::write_bytes(own, "{}");
    for (const std::string& file : {std::string("/etc/hostname"), std::string("/etc/nosuch"), own}) {
        const auto refused = {
            service.send("/v1/crop?preset=" + file, service.dark),
            service.send_text("/v1/crop?preset=" + file, R"({"path": "dark.jpg"})", "application/x-ndjson"),
            service.send_text("/v1/crop", Json{{"image", {{"path", "dark.jpg"}}}, {"preset", file}}.dump(),
                              "application/json")};
        for (const Response& answer : refused) {
            CHECK(answer.status == 400);
            CHECK(answer.json()["detail"] ==
                  "'preset' is '" + file + "' and should be a name, as piaa-batch preset list gives them");
        }
    }
    CHECK(service.send("/v1/crop?preset=square", service.dark).status == 200);
}

TEST_CASE("serve refuses wishes about text that no format has room for", "[serve]") {
    const Service service;
    const auto detail = [](const Response& refused) {
        CHECK(refused.status == 400);
        return refused.json()["detail"].get<std::string>();
    };
    CHECK(detail(service.send("/v1/crop?aspect=1:1&contrast=4.5", service.dark)) ==
          "contrast is about text, and no format has room for any: take a preset with text boxes, or blank");
    CHECK(detail(service.send("/v1/crop?text-colour=%23ff0000", service.dark))
              .find("text-colour is about text") == 0);
    CHECK(
        detail(service.send_text("/v1/crop?contrast=4.5", R"({"path": "dark.jpg"})", "application/x-ndjson"))
            .find("contrast is about text") == 0);
    CHECK(service.send("/v1/crop?aspect=1:1&blank=0.1,0.1,0.8,0.2&contrast=4.5", service.dark).status == 200);
}

TEST_CASE("serve gives pictures to those who accept them", "[serve]") {
    const Service service;
    const auto type_for = [&](const std::string& accept) {
        const auto answer =
            service.send("/v1/crop?aspect=1:1", service.dark, "image/jpeg", {"-H", "Accept: " + accept});
        CHECK(answer.status == 200);
        const auto at = answer.head.find("Content-Type: ") + 14;
        return answer.head.substr(at, answer.head.find('\r', at) - at);
    };
    CHECK(type_for("image/svg+xml;q=0") == "application/x-ndjson");
    CHECK(type_for("image/svg+xml; q=0.0, */*") == "application/x-ndjson");
    CHECK(type_for("image/jpeg, IMAGE/SVG+XML;q=0.5") == "image/jpeg");
    CHECK(type_for("text/html, image/svg+xml ;q=0.5") == "image/svg+xml");
    CHECK(type_for("image/svg+xmlish") == "application/x-ndjson");
    CHECK(type_for("image/*") == "image/jpeg");
    CHECK(type_for("image/*, image/jpeg;q=0") == "application/x-ndjson");
    CHECK(type_for("image/*, image/svg+xml") == "image/svg+xml");
    CHECK(type_for("image/jpeg;q=0.1, application/json") == "application/x-ndjson");
    CHECK(type_for("image/jpeg;q=0.1, application/*;q=0.2") == "application/x-ndjson");
    CHECK(type_for("image/jpeg;q=0.5, */*;q=0.4, application/x-ndjson;q=0.6") == "application/x-ndjson");
    CHECK(type_for("image/jpeg, application/json") == "image/jpeg");
    CHECK(type_for("image/*, */*;q=0.8") == "image/jpeg");
    // Text needs a poster, however much less it is wished for.
    const auto poster_for = [&](const std::string& accept) {
        const auto answer = service.send("/v1/crop?aspect=1:1&blank=0.1,0.1,0.8,0.2&text=Hello", service.dark,
                                         "image/jpeg", {"-H", "Accept: " + accept});
        return answer.status == 200 && answer.head.find("image/svg+xml") != std::string::npos;
    };
    CHECK(poster_for("image/svg+xml;q=0.9,image/jpeg"));
    CHECK(poster_for("image/svg+xml;q=0.1, application/json"));
    CHECK(poster_for("image/*"));
    CHECK_FALSE(poster_for("image/*, image/svg+xml;q=0"));
    CHECK_FALSE(poster_for("image/jpeg"));
    const auto profile = [&](const std::string& accept) {
        return service.curl("/v1/profiles/me", {"-H", "Accept: " + accept}).head;
    };
    CHECK(profile("application/octet-stream;q=0.1, application/json").find("application/json") !=
          std::string::npos);
    CHECK(profile("application/octet-stream, */*;q=0.1").find("octet-stream") != std::string::npos);
}

TEST_CASE("serve tells soft subjects among lines as the command does, after the last line", "[serve]") {
    const Service service;
    const auto one = test::write_photo(test::grain(0), service.folder / "photos/one");
    const auto two = test::write_photo(test::grain(3), service.folder / "photos/two");
    const auto ending = ChildProcess({PIAA_BATCH, "score", one.string(), two.string(), service.dark,
                                      "--soft-subject", "--model", test::tiny_model().info().file.string(),
                                      "--device", "cpu", "--format", "jsonl", "--quiet"})
                            .wait();
    const auto expected = rows_of(ending.output);
    REQUIRE(expected.size() == 3);
    std::size_t soft = 0;
    for (const Json& row : expected) soft += row["flags"]["soft_subject"] == true;
    CHECK(soft == 1);
    std::string lines;
    for (const Json& row : expected)
        lines +=
            Json{{"id", row["path"]}, {"path", fs::path(row["path"].get<std::string>()).filename().string()}}
                .dump() +
            "\n";
    const auto answer = service.send_text("/v1/score?soft-subject=true", lines + "{\"path\": \"gone.jpg\"}\n",
                                          "application/x-ndjson");
    const auto rows = rows_of(answer.body);
    REQUIRE(rows.size() == 4);
    for (std::size_t i = 0; i < expected.size(); ++i) {
        CHECK(rows[i]["id"] == expected[i]["path"]);
        CHECK(rows[i]["flags"] == expected[i]["flags"]);
        CHECK(rows[i]["score"] == expected[i]["score"]);
    }
    CHECK(rows[3]["error"] == "gone.jpg: is not there");
    CHECK(rows[3].size() == rows[0].size());
    const auto single = service.send("/v1/score?soft-subject=true", service.dark);
    CHECK(single.status == 400);
    CHECK(single.json()["detail"].get<std::string>().find("'soft-subject' compares the photos of lines") ==
          0);
    CHECK(service.send("/v1/score?soft-subject=false", service.dark).status == 200);
    CHECK(service.send("/v1/score?soft-subject=perhaps", service.dark).status == 400);
    CHECK(service.send("/v1/explain?soft-subject=true", service.dark).status == 400);
}

TEST_CASE("serve answers lines by rows, in order, failures too", "[serve]") {
    const Service service;
    const std::string lines = R"({"id": 1, "path": "dark.jpg"})"
                              "\n\nmissing.jpg\n"
                              R"({"id": "x", "path": "light.png", "profile": "me"})"
                              "\n../outside/secret.png\n";
    const auto answer = service.send_text("/v1/score", lines, "application/x-ndjson");
    CHECK(answer.status == 200);
    const auto rows = rows_of(answer.body);
    REQUIRE(rows.size() == 5);
    for (const Json& row : rows) CHECK(row.size() == rows[0].size());
    CHECK(rows[0]["id"] == "1");
    CHECK(rows[0]["error"] == "");
    CHECK(rows[0]["path"] == "dark.jpg");
    CHECK(rows[1]["error"] == "line 2: is empty and should be a path");
    CHECK(rows[2]["error"] == "missing.jpg: is not there");
    CHECK(rows[3]["error"] == "");
    CHECK(rows[3]["profile_hash"] != "");
    CHECK(rows[4]["error"] == "../outside/secret.png: is not there");
}

TEST_CASE("serve says what is wrong by a status and a problem", "[serve]") {
    const Service service({"--max-body", "100000"});
    test::write_bytes(service.folder / "text.jpg", "no image at all, but long enough to be read");
    test::write_bytes(service.folder / "half.jpg", test::read_bytes(service.dark).substr(0, 300));
    test::write_bytes(service.folder / "large.jpg", std::string(200'000, 'x'));
    const auto file = [&](const std::string& name) { return (service.folder / name).string(); };
    const auto status = [&](const Response& response) {
        CAPTURE(response.body);
        CHECK(response.head.find("application/problem+json") != std::string::npos);
        CHECK(response.json()["status"] == response.status);
        CHECK_FALSE(response.json()["detail"].get<std::string>().empty());
        return response.status;
    };
    CHECK(status(service.send("/v1/score", file("text.jpg"))) == 415);
    CHECK(status(service.send("/v1/score", file("half.jpg"))) == 422);
    CHECK(status(service.send("/v1/score", file("large.jpg"))) == 413);
    CHECK(status(service.curl("/v1/profiles/me", {"-T", file("large.jpg")})) == 413);
    CHECK(status(service.send("/v1/score", service.dark, "video/mp4")) == 415);
    CHECK(status(service.send("/v1/score?aspect=1:1", service.dark)) == 400);
    CHECK(status(service.send("/v1/crop?aspect=flat", service.dark)) == 400);
    CHECK(status(service.send("/v1/crop?preset=nowhere", service.dark)) == 400);
    CHECK(status(service.send("/v1/crop?margin=2", service.dark)) == 400);
    CHECK(service.send("/v1/crop?count=0", service.dark).json()["detail"] ==
          "'count' is '0' and should be a number from 1 to 100");
    CHECK(status(service.send("/v1/crop?looks=101", service.dark)) == 400);
    const auto from = [&](const std::string& origin) {
        return service.send("/v1/score", service.dark, "image/jpeg", {"-H", "Origin: " + origin});
    };
    CHECK(status(from("https://somewhere.example")) == 403);
    CHECK(status(from("null")) == 403);
    CHECK(from(service.url).status == 200);
    const auto called = [&](const std::string& host) {
        return service.curl("/healthz", {"-H", "Host: " + host});
    };
    CHECK(status(called("somewhere.example:8077")) == 403);
    for (const char* host : {"localhost:8077", "[::1]:8077", "127.0.0.1"}) CHECK(called(host).status == 200);
    CHECK(status(service.send("/v1/score?profile=", service.dark)) == 400);
    for (const char* empty : {"straighten", "faces=", "count=", "blank=", "min-pixels"})
        CHECK(status(service.send(std::string("/v1/crop?") + empty, service.dark)) == 400);
    CHECK(status(service.send("/v1/score?profile=nobody", service.dark)) == 404);
    CHECK(status(service.send("/v1/score?profile=../me", service.dark)) == 400);
    CHECK(status(service.curl("/v1/score", {"-X", "POST", "-d", ""})) == 400);
    CHECK(status(service.get("/v1/nothing")) == 404);
    CHECK(status(service.get("/v1/score")) == 405);
    CHECK(status(service.curl("/readyz", {"-X", "DELETE"})) == 405);
    CHECK(status(service.curl("/v1/profiles/me", {"-X", "TRACE"})) == 405);
    for (const char* path : {"missing.jpg", "../outside/secret.png", "way-out.png", "/etc/passwd"})
        CHECK(status(service.send_text("/v1/score", Json{{"image", {{"path", path}}}}.dump(),
                                       "application/json")) == 404);
    CHECK(status(service.send_text("/v1/score", R"({"image": {"url": "http://127.0.0.1/a.jpg"}})",
                                   "application/json")) == 403);
    CHECK(status(service.send_text("/v1/score", "{", "application/json")) == 400);
    for (const char* parts : {"no parts", "--b--\r\n", "--b\r\n"}) {
        CAPTURE(parts);
        CHECK(status(service.send_text("/v1/score", parts, "multipart/form-data; boundary=b")) == 400);
    }
    CHECK(status(service.send_text("/v1/score", "no boundary", "multipart/form-data")) == 400);
}

TEST_CASE("serve compares types and schemes without case", "[serve]") {
    const Service service({}, {{"PIAA_TOKEN", "Open Sesame"}});
    const auto asked = [&](const std::string& type, const std::string& authorization) {
        return service.send("/v1/score", service.dark, type, {"-H", "Authorization: " + authorization})
            .status;
    };
    CHECK(asked("IMAGE/JPEG", "bearer Open Sesame") == 200);
    CHECK(asked("Image/Jpeg; a=b", "BEARER Open Sesame") == 200);
    CHECK(asked("image/jpeg", "Bearer open sesame") == 401);
    CHECK(asked("image/jpeg", "Basic Open Sesame") == 401);
    CHECK(asked("image/jpeg", "Bearer") == 401);
    const fs::path form = service.folder / "form";
    test::write_bytes(form,
                      "--Cut\r\nContent-Disposition: form-data; name=\"image\"\r\n"
                      "Content-Type: Image/JPEG\r\n\r\n" +
                          test::read_bytes(service.dark) + "\r\n--Cut--\r\n");
    CHECK(service
              .send("/v1/score", form.string(), "Multipart/Form-Data; Boundary=\"Cut\"",
                    {"-H", "Authorization: Bearer Open Sesame"})
              .status == 200);
    const auto lines = service.send("/v1/score", service.dark, "APPLICATION/X-NDJSON",
                                    {"-H", "Authorization: Bearer Open Sesame"});
    CHECK(lines.head.find("application/x-ndjson") != std::string::npos);
}

TEST_CASE("serve refuses what contradicts itself", "[serve]") {
    const Service service;
    const auto detail = [](const Response& refused) {
        CHECK(refused.status == 400);
        return refused.json()["detail"].get<std::string>();
    };
    const auto json = [&](const std::string& path, const std::string& more) {
        return service.send_text(path, R"({"image": {"path": "dark.jpg"})" + more + "}", "application/json");
    };
    const std::string part = "image=@" + service.dark + ";type=image/jpeg";
    CHECK(detail(service.curl("/v1/score", {"-F", part, "-F", part})) ==
          "there are 2 parts 'image'; send one photo, or lines");
    CHECK(detail(service.send("/v1/score?id=a&id=b", service.dark)) ==
          "'id' is given more than once; give it once");
    CHECK(detail(service.curl("/v1/score?id=a", {"-F", part, "-F", "id=b"})) ==
          "'id' is given more than once; give it once");
    CHECK(detail(service.send("/v1/crop?count=1.5", service.dark)) ==
          "'count' is '1.5' and should be a whole number");
    CHECK(detail(json("/v1/score?id=a", R"(, "id": "b")")) ==
          "'id' is given in the JSON and beside it; give it once");
    CHECK(detail(json("/v1/score", R"(, "path": "light.png")")) ==
          "'path' is given in 'image' and beside it; give it once");
    CHECK(detail(service.send_text("/v1/explain?profile=me", R"({"path": "dark.jpg"})",
                                   "application/x-ndjson")) ==
          "'profile' is no parameter; there are none for lines");
    CHECK(detail(json("/v1/score", R"(, "profile": "me", "profile": "you")")) ==
          "'profile' is given more than once in the JSON; give it once");
    CHECK(detail(service.send_text("/v1/score", R"({"image": {"path": "dark.jpg", "path": "light.png"}})",
                                   "application/json")) ==
          "'path' is given more than once in the JSON; give it once");
    for (const char* id : {"true", "null", "[1]", "{}"})
        CHECK(detail(json("/v1/score", std::string(R"(, "id": )") + id)) ==
              "'id' should be text or a number");
    CHECK(detail(json("/v1/crop", R"(, "count": [1, 2])")) == "'count' should be text or a number");
    CHECK(json("/v1/crop", R"(, "count": 2.0, "aspect": ["1:1", "4:5"])").status == 200);
    CHECK(detail(service.send("/v1/profiles/me/ratings", service.dark)) ==
          "'stars' is missing and should be 1 to 5");
}

TEST_CASE("serve calls files as the caller does, and an empty one is no photo", "[serve]") {
    const Service service;
    fs::create_directory(service.folder / "photos/odd");
    test::write_bytes(service.folder / "photos/none.jpg", "");
    test::write_bytes(service.folder / "photos/text.jpg", "no image at all, but long enough to be read");
    test::write_bytes(service.folder / "profiles/bad.pt", "no profile");
    const auto sent = [&](const std::string& path) { return service.curl(path, {"-d", ""}); };
    for (const char* path : {"odd", "none.jpg", "text.jpg"}) {
        const auto answer = sent(std::string("/v1/score?path=") + path);
        CHECK(answer.json()["detail"].get<std::string>().find(path) == 0);
        const auto line = rows_of(service.send_text("/v1/score", path, "application/x-ndjson").body);
        CHECK(line.at(0)["error"].get<std::string>().find(path) == 0);
    }
    CHECK(sent("/v1/score?path=none.jpg").status == 400);
    CHECK(service.send("/v1/score", (service.folder / "photos/none.jpg").string()).status == 400);
    for (const char* path :
         {"/v1/profiles/bad/ratings?stars=3&path=dark.jpg", "/v1/score?path=dark.jpg&profile=bad"})
        CHECK(sent(path).json()["detail"].get<std::string>().find("bad: ") == 0);
    CHECK(service.get("/v1/profiles/bad").json()["detail"].get<std::string>().find("bad: ") == 0);
}

TEST_CASE("serve keeps a place for a crowd that comes while it cannot answer", "[serve]") {
    const Service service;
    const std::string question = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    service.send_signal(SIGSTOP);
    std::vector<int> crowd;
    for (int i = 0; i < 40; ++i) {
        crowd.push_back(test::connect_to(service.url));
        CHECK(::send(crowd.back(), question.data(), question.size(), MSG_NOSIGNAL) ==
              static_cast<ssize_t>(question.size()));
    }
    service.send_signal(SIGCONT);
    for (const int connection : crowd) {
        std::string answer(12, '\0');
        CHECK(::recv(connection, answer.data(), answer.size(), MSG_WAITALL) == 12);
        CHECK(answer == "HTTP/1.1 200");
        ::close(connection);
    }
}

TEST_CASE("serve knows an answer again by its tag", "[serve]") {
    const Service service;
    const auto tag_of = [](const Response& response) {
        const auto at = response.head.find("ETag: ");
        REQUIRE(at != std::string::npos);
        return response.head.substr(at + 6, response.head.find('\r', at) - at - 6);
    };
    const std::string tag = tag_of(service.send("/v1/score", service.dark));
    CHECK(tag_of(service.send("/v1/score", service.dark)) == tag);
    CHECK(tag_of(service.send("/v1/explain", service.dark)) != tag);
    CHECK(tag_of(service.send("/v1/score?profile=me", service.dark)) != tag);
    const auto known = service.send("/v1/score", service.dark, "image/jpeg", {"-H", "If-None-Match: " + tag});
    CHECK(known.status == 304);
    CHECK(known.body.empty());
    const auto asking = [&](const std::string& path, const std::string& file, const std::string& tags) {
        return service.send(path, file, "image/jpeg", {"-H", "If-None-Match: " + tags}).status;
    };
    CHECK(asking("/v1/score", service.dark, "\"other\", W/" + tag) == 304);
    CHECK(asking("/v1/score", service.dark, "\"other\"") == 200);
    CHECK(asking("/v1/score", service.dark, "*") == 200);
    test::write_bytes(service.folder / "text.jpg", "no image at all, but long enough to be read");
    CHECK(asking("/v1/score", (service.folder / "text.jpg").string(), "*") == 415);
    CHECK(asking("/v1/score?profile=nobody", service.dark, "*") == 404);
}

TEST_CASE("serve answers one request a connection, whatever follows it", "[serve]") {
    const Service service;
    const std::string get = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n";
    const std::string length = "Content-Length: " + std::to_string(get.size() + 2) + "\r\n\r\n";
    for (const std::string& bytes :
         {get + "\r\n" + get + "\r\n", get + length + get + "\r\n",
          "POST /nowhere HTTP/1.1\r\nHost: localhost\r\n" + length + get + "\r\n" + get + "\r\n"}) {
        CAPTURE(bytes);
        const std::string answer = test::answers_to(service.url, bytes);
        CAPTURE(answer);
        CHECK(answer.starts_with("HTTP/1.1 "));
        CHECK(answer.find("HTTP/1.1 ", 1) == std::string::npos);
        CHECK(answer.find("Connection: close\r\n") != std::string::npos);
    }
}

TEST_CASE("serve keeps people's profiles", "[serve]") {
    const Service service;
    const Json before = service.get("/v1/profiles/me").json();
    CHECK(before["ratings"] == 25);
    const auto rated = service.send("/v1/profiles/me/ratings?stars=5", service.dark);
    CHECK(rated.status == 200);
    CHECK(rated.json()["ratings"] == 26);
    CHECK(service.send("/v1/profiles/me/ratings?stars=6", service.dark).status == 400);
    const auto file = service.curl("/v1/profiles/me", {"-H", "Accept: application/octet-stream"}).body;
    CHECK(file == test::read_bytes(service.folder / "profiles/me.pt"));
    test::write_bytes(service.folder / "copy.pt", file);
    const auto put = [&](const std::string& name, const std::string& path) {
        return service.curl("/v1/profiles/" + name, {"-T", (service.folder / path).string()});
    };
    CHECK(put("you", "copy.pt").json()["ratings"] == 26);
    test::write_bytes(service.folder / "large", std::string(20'000, 'x'));
    const auto form = [&](const std::string& name) {
        return service
            .curl("/v1/profiles/" + name,
                  {"-X", "PUT", "--data-binary", "@" + (service.folder / "large").string(), "--path-as-is"})
            .status;
    };
    CHECK(form("a/b") == 404);
    CHECK(form("../you") == 404);
    CHECK(form("no%20name") == 400);
    test::write_bytes(service.folder / "no.pt", "no profile");
    CHECK(put("you", "no.pt").status == 422);
    CHECK(service.get("/v1/profiles/you").json()["ratings"] == 26);
    CHECK(service.get("/v1/profiles/nobody").status == 404);
    std::size_t files = 0;
    for (const auto& entry : fs::directory_iterator(service.folder / "profiles"))
        files += entry.path().extension() == ".pt";
    CHECK(files == 2);
}

TEST_CASE("serve leaves a port alone that somebody listens at", "[serve]") {
    const Service service;
    const std::string address = service.url.substr(std::string("http://").size());
    const auto ending = ChildProcess({PIAA_BATCH, "serve", "--model", test::tiny_model().info().file.string(),
                                      "--device", "cpu", "--listen", address})
                            .wait();
    CHECK(ending.exit_code == cli::cannot_start);
    CHECK(ending.errors.find(address + ": cannot be listened at") != std::string::npos);
}

TEST_CASE("serve answers at a Unix socket, takes over one that was left, and takes it away", "[serve]") {
    const test::TemporaryFolder folder;
    const fs::path socket = folder / "piaa.sock";
    const std::vector<std::string> arguments = {
        PIAA_BATCH, "serve", "--model",  test::tiny_model().info().file.string(),
        "--device", "cpu",   "--listen", "unix:" + socket.string()};
    const auto health = [&] {
        return ChildProcess({"/usr/bin/curl", "-s", "--unix-socket", socket.string(), "http://here/healthz"})
            .wait()
            .output;
    };
    for (const int signal : {SIGKILL, SIGTERM}) {
        ChildProcess service(arguments);
        CHECK(service.read_line() == "unix:" + socket.string());
        CHECK(health() == "{\"status\":\"ok\"}\n");
        CHECK(fs::status(socket).permissions() == fs::perms(0600));
        const auto second = ChildProcess(arguments).wait();
        CHECK(second.exit_code == cli::cannot_start);
        CHECK(second.errors.find("because somebody does already") != std::string::npos);
        service.send(signal);
        service.wait();
        CHECK(fs::exists(fs::symlink_status(socket)) == (signal == SIGKILL));
    }
    test::write_bytes(socket, "a file of somebody's");
    CHECK(ChildProcess(arguments).wait().exit_code == cli::cannot_start);
    CHECK(test::read_bytes(socket) == "a file of somebody's");
}

TEST_CASE("serve asks for its token, and is open to nobody else without one", "[serve]") {
    const Service service({}, {{"PIAA_TOKEN", "open sesame"}});
    CHECK(service.get("/healthz").status == 200);
    CHECK(service.get("/v1/version").status == 401);
    CHECK(service.send("/v1/score", service.dark).status == 401);
    CHECK(
        service.send("/v1/score", service.dark, "image/jpeg", {"-H", "Authorization: Bearer wrong"}).status ==
        401);
    CHECK(service.send("/v1/score", service.dark, "image/jpeg", {"-H", "Authorization: Bearer open sesame"})
              .status == 200);
    std::ostringstream out, err;
    cli::ServiceOptions anywhere;
    anywhere.host = "0.0.0.0";
    CHECK(cli::run_serve(anywhere, out, err) == cli::bad_usage);
    CHECK(err.str().find("needs a token") != std::string::npos);
}

TEST_CASE("serve tells what it is and what it did, and ends when asked", "[serve]") {
    Service service;
    const Json version = service.get("/v1/version").json();
    CHECK(version["model"] == test::tiny_model().info().name);
    CHECK(version["schema"] == 1);
    service.send("/v1/score", service.dark);
    const auto metrics = service.get("/metrics").body;
    CHECK(metrics.find("piaa_requests_total{path=\"/v1/score\",status=\"200\"} 1\n") != std::string::npos);
    CHECK(metrics.find("piaa_photos_total 1\n") != std::string::npos);
    const auto ending = service.end();
    CHECK(ending.exit_code == 0);
    CHECK(ending.errors == "piaa-batch: ready\n");
}

TEST_CASE("serve answers a body of unknown length at once", "[serve]") {
    const Service service;
    const auto answer = service.curl("/v1/score", {"-X", "POST", "-m", "20"});
    CHECK(answer.status == 411);
    CHECK(answer.json()["title"] == "Length Required");
    CHECK(service.curl("/v1/score", {"-X", "PATCH", "-m", "20"}).status == 405);
    CHECK(service.curl("/nowhere", {"-X", "PATCH", "-m", "20"}).status == 404);
}

TEST_CASE("a photo that fails among lines has a row with the keys of the others", "[serve]") {
    const Service service;
    const auto rows = rows_of(service
                                  .send_text("/v1/crop?preset=square",
                                             R"({"path": "dark.jpg"})"
                                             "\n"
                                             R"({"id": "k", "path": "none.jpg"})"
                                             "\n",
                                             "application/x-ndjson")
                                  .body);
    REQUIRE(rows.size() == 2);
    std::vector<std::string> first, second;
    for (const auto& [key, value] : rows[0].items()) first.push_back(key);
    for (const auto& [key, value] : rows[1].items()) second.push_back(key);
    CHECK(first == second);
    CHECK(rows[1]["id"] == "k");
    CHECK(rows[1]["error"] != "");
}

TEST_CASE("serve picks from lines as the command does from files, sent or named", "[serve]") {
    const Service service;
    const Image first = test::disc({120, 90}, .3, .4, .2, {40, 60, 90}, {220, 200, 120});
    const auto a = test::write_photo(first, service.folder / "photos/a");
    const auto c = test::write_photo(first, service.folder / "photos/c", {.suffix = ".jpg[Q=60]"});
    const auto ending = ChildProcess({PIAA_BATCH, "pick", a.string(), c.string(), service.dark, "--model",
                                      test::tiny_model().info().file.string(), "--device", "cpu", "--format",
                                      "jsonl", "--quiet"})
                            .wait();
    const auto expected = rows_of(ending.output);
    REQUIRE(expected.size() == 3);

    const std::string lines = R"({"id":"1","path":"a.png"})"
                              "\n"
                              R"({"id":"2","path":"c.jpg","base64":")" +
                              cli::base64(test::read_bytes(c)) +
                              "\"}\n"
                              R"({"id":"3","path":"dark.jpg"})"
                              "\n"
                              R"({"id":"4","path":"missing.jpg"})"
                              "\n";
    const auto answer = service.send_text("/v1/pick", lines, "application/x-ndjson");
    CHECK(answer.status == 200);
    auto rows = rows_of(answer.body);
    REQUIRE(rows.size() == 4);
    CHECK(rows[3]["id"] == "4");
    CHECK(rows[3]["error"] == "missing.jpg: is not there");
    CHECK(rows[3].size() == rows[0].size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        CHECK(expected[i]["path"].get<std::string>().ends_with(rows[i]["path"].get<std::string>()));
        CHECK(rows[i]["id"] == (rows[i]["path"] == "a.png" ? "1" : rows[i]["path"] == "c.jpg" ? "2" : "3"));
        for (const char* key : {"group", "kind", "pick", "relative", "score", "flags", "reason"})
            CHECK(rows[i][key] == expected[i][key]);
    }
    CHECK(rows_of(service.send_text("/v1/pick?cover=1", lines, "application/x-ndjson").body).size() == 2);
    CHECK(service.send("/v1/pick", a.string()).status == 415);
    CHECK(service.send_text("/v1/pick?group=1", lines, "application/x-ndjson").status == 400);
    CHECK(service.send_text("/v1/pick?profile=nobody", lines, "application/x-ndjson").status == 404);
}

TEST_CASE("every path of the OpenAPI file is served as it says", "[serve]") {
    const Service service;
    const Json api = Json::parse(test::read_bytes(PIAA_OPENAPI));
    CHECK(api["openapi"] == "3.1.0");
    std::size_t count = 0;
    for (const auto& [path, methods] : api["paths"].items())
        for (const auto& [method, operation] : methods.items()) {
            std::string real = path;
            if (const auto at = real.find("{name}"); at != std::string::npos) real.replace(at, 6, "me");
            std::string upper = method;
            for (char& letter : upper) letter = static_cast<char>(std::toupper(letter));
            const auto answer = service.curl(real, {"-X", upper, "-H", "Content-Length: 0"});
            CAPTURE(path, method, answer.body);
            CHECK(answer.status != 404);
            CHECK(operation["responses"].contains(std::to_string(answer.status)));
            ++count;
        }
    CHECK(count == 11);
}

TEST_CASE("serve does not start with a root that is no folder", "[serve]") {
    const test::TemporaryFolder folder;
    test::write_bytes(folder / "photo.jpg", "pixels");
    for (const char* name : {"photo.jpg", "gone"}) {
        const auto ending =
            ChildProcess({PIAA_BATCH, "serve", "--model", test::tiny_model().info().file.string(), "--device",
                          "cpu", "--listen", "127.0.0.1:0", "--root", (folder / name).string()})
                .wait();
        CHECK(ending.exit_code == cli::bad_usage);
        CHECK(ending.errors.find(std::string(name) + ": is no folder and should be one") !=
              std::string::npos);
    }
}
