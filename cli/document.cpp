// Writes the manual pages and what shells complete by, made from the declared options; the build runs it.
// Usage: piaa-document FOLDER DATE      into FOLDER/man1, FOLDER/bash, FOLDER/zsh, FOLDER/fish
#include <exception>
#include <iostream>
#include <string>

#include <CLI/CLI.hpp>
#include <boost/filesystem/fstream.hpp>
#include <boost/filesystem/operations.hpp>

#include <piaa/piaa.h>

#include "commands/all_commands.h"
#include "shell/command_description.h"
#include "shell/completion_scripts.h"
#include "shell/manual_page.h"

namespace {

namespace fs = boost::filesystem;

void write(const fs::path& file, const std::string& text) {
    fs::create_directories(file.parent_path());
    fs::ofstream stream(file);
    stream << text;
    stream.close();
    if (!stream) throw std::runtime_error(file.string() + ": cannot be written");
}

void document(const fs::path& folder, const std::string& date) {
    CLI::App app{"Scores, learns and crops photos to one person's taste", "piaa-batch"};
    int ignored = 0;
    piaa::cli::add_all_commands(app, std::cout, std::cerr, ignored);
    const auto program = piaa::cli::describe(app);
    for (const auto* command : program.all())
        write(folder / "man1" / (command->name("-") + ".1"),
              piaa::cli::manual_page(*command, date, piaa::version()));
    write(folder / "bash" / "piaa-batch", piaa::cli::bash_completion(program));
    write(folder / "zsh" / "_piaa-batch", piaa::cli::zsh_completion(program));
    write(folder / "fish" / "piaa-batch.fish", piaa::cli::fish_completion(program));
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::cerr << "usage: piaa-document FOLDER DATE\n";
        return 2;
    }
    try {
        document(argv[1], argv[2]);
        return 0;
    } catch (const std::exception& problem) {
        std::cerr << "piaa-document: " << problem.what() << '\n';
        return 1;
    }
}
