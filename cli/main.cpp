#include <iostream>

#include <CLI/CLI.hpp>

#include <piaa/piaa.h>

int main(int argc, char** argv) {
    CLI::App app{"Scores, learns and crops photos to one person's taste", "piaa-batch"};
    app.set_version_flag("--version", std::string("piaa-batch ") + piaa::version());
    app.require_subcommand(0, 1);
    CLI11_PARSE(app, argc, argv);
    return 0;
}
