// What is declared of the command line, and what is made of it: manual pages, completion, answers to
// mistakes.
#include <algorithm>
#include <set>
#include <sstream>

#include <CLI/CLI.hpp>

#include "commands/all_commands.h"
#include "shell/command_description.h"
#include "shell/completion_scripts.h"
#include "shell/manual_page.h"
#include "shell/mistakes.h"
#include "shell/nearest.h"
#include "support/catch.h"

using namespace piaa::cli;

namespace {

struct Program {
    Program() { add_all_commands(app, out, err, exit_code); }

    std::ostringstream out, err;
    int exit_code = 0;
    CLI::App app{"Scores photos", "piaa-batch"};
};

std::string without_dash_escapes(std::string text) {
    text.erase(std::remove(text.begin(), text.end(), '\\'), text.end());
    return text;
}

/// What is said of a wrong command line.
std::string answer(std::vector<std::string> arguments) {
    Program program;
    std::reverse(arguments.begin(), arguments.end());
    try {
        program.app.parse(arguments);
    } catch (const CLI::ParseError& error) {
        return explain_mistake(&program.app, error);
    }
    return "";
}

}  // namespace

TEST_CASE("every command says what it does and has an example, every option says what it is for", "[shell]") {
    Program program;
    const auto description = describe(program.app);
    CHECK(description.all().size() > 30);
    for (const auto* command : description.all()) {
        INFO(command->name());
        CHECK_FALSE(command->help.empty());
        CHECK(command->example.find("piaa-batch") != std::string::npos);
        for (const auto& option : command->options) {
            INFO(option.names.front());
            CHECK_FALSE(option.help.empty());
            CHECK_FALSE(option.group.empty());
        }
    }
}

TEST_CASE("the examples are right: each is read without complaint", "[shell]") {
    Program declared;
    const auto description = describe(declared.app);
    for (const auto* command : description.all()) {
        const std::string example = command->example.substr(command->example.find("piaa-batch") + 11);
        const auto end = example.find(" > ");
        auto words = CLI::detail::split_up(example.substr(0, end));
        INFO(example);
        words.push_back("--print-config");
        std::reverse(words.begin(), words.end());
        Program program;
        try {
            program.app.parse(words);
            FAIL("--print-config ran the command");
        } catch (const CLI::Success&) {
        }
        CHECK(program.out.str().find('[') != std::string::npos);
    }
}

TEST_CASE("each option is in the manual page of its command and in each shell's completion", "[shell]") {
    Program program;
    const auto description = describe(program.app);
    const std::string bash = bash_completion(description), zsh = zsh_completion(description),
                      fish = fish_completion(description);
    for (const auto* command : description.all()) {
        const std::string page = without_dash_escapes(manual_page(*command, "2026-11-29", "0.1"));
        for (const auto& option : command->options) {
            INFO(command->name() << ' ' << option.names.front());
            for (const auto& name : option.names) {
                CHECK(page.find(name) != std::string::npos);
                if (option.argument) continue;
                const auto line = bash.find("'" + command->name() + "')\n");
                REQUIRE(line != std::string::npos);
                CHECK(bash.substr(line, bash.find(";;", line) - line).find(name + " ") != std::string::npos);
                const auto part = zsh.find("'" + command->name() + "')\n");
                REQUIRE(part != std::string::npos);
                CHECK(zsh.substr(part, zsh.find(";;", part) - part).find(name) != std::string::npos);
                const std::string in_fish =
                    name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
                std::istringstream lines(fish);
                bool found = false;
                for (std::string text; std::getline(lines, text);)
                    found = found || (text.find("'" + command->name() + "'\"") != std::string::npos &&
                                      (text + " ").find(in_fish + " ") != std::string::npos);
                CHECK(found);
            }
        }
    }
}

TEST_CASE("values are completed as what they are", "[shell]") {
    Program program;
    std::set<Completion> of_crop;
    const auto description = describe(program.app);
    for (const auto* command : description.all()) {
        if (command->name() != "piaa-batch crop") continue;
        for (const auto& option : command->options) {
            if (option.names.front() == "--preset") CHECK(option.completion() == Completion::preset);
            if (option.names.front() == "--model") CHECK(option.completion() == Completion::model);
            if (option.names.front() == "--user") CHECK(option.completion() == Completion::profile);
            if (option.names.front() == "--into") CHECK(option.completion() == Completion::folder);
            if (option.names.front() == "--format") CHECK(option.choices.front() == "table");
            if (option.names.front() == "--aspect") CHECK(option.value == "W:H");
            of_crop.insert(option.completion());
        }
    }
    CHECK(of_crop.size() == 7);
}

TEST_CASE("a mistyped command, option or value is answered by the one that was meant", "[shell]") {
    CHECK(answer({"scroe", "photos"}).find("did you mean score?") != std::string::npos);
    CHECK(answer({"train", "prio"}).find("did you mean prior?") != std::string::npos);
    CHECK(answer({"score", "photos", "--sotr", "score"}).find("did you mean --sort?") != std::string::npos);
    CHECK(answer({"score", "--formt=csv"}).find("did you mean --format?") != std::string::npos);
    CHECK(answer({"crop", "a.jpg", "--print-confg"}).find("--print-config?") != std::string::npos);
    CHECK(answer({"score", "a.jpg", "--format", "jsn"}).find("did you mean json?") != std::string::npos);
    CHECK(answer({"score", "a.jpg", "--format", "xml"}).find("did you mean") == std::string::npos);
    CHECK(answer({"paint"}).find("did you mean") == std::string::npos);
    CHECK(answer({"score", "a.jpg", "--zzzzzzzz"}).find("did you mean") == std::string::npos);
    CHECK(answer({"score"}).find("PATH") != std::string::npos);
    CHECK(answer({"score", "a.jpg", "--config", "/nowhere.toml"})
              .starts_with("/nowhere.toml: cannot be read and should be a settings file\n"));
    CHECK(answer({"score", "a.jpg"}).empty());
}

TEST_CASE("a photo may be called like a command", "[shell]") {
    CHECK(answer({"score", "crop"}).empty());
    CHECK(answer({"score", "a.jpg", "train", "score"}).empty());
}

TEST_CASE("the distance of words counts letters put in, taken out, replaced and exchanged", "[shell]") {
    CHECK(edit_distance("score", "score") == 0);
    CHECK(edit_distance("scroe", "score") == 1);
    CHECK(edit_distance("", "abc") == 3);
    CHECK(edit_distance("abc", "") == 3);
    CHECK(edit_distance("kitten", "sitting") == 3);
    CHECK(nearest("mdoel", {"merge", "model", "mode"}) == "model");
    CHECK(nearest("x", {}) == "");
}
