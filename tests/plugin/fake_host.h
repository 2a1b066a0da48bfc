#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "host.h"

namespace piaa::test {

/// An image in memory with one layer, which keeps a list of what was done to it.
class FakeHost : public plugin::Host {
public:
    explicit FakeHost(Image picture, PixelBox place = {}) : picture_(std::move(picture)), photo_(place) {
        photo_.width = picture_.width();
        photo_.height = picture_.height();
    }

    PixelBox photo() const override { return photo_; }
    std::string name() const override { return "beach"; }
    bool has_colour() const override { return colour; }

    std::vector<std::uint8_t> read_rows(int first, int count) override {
        rows_read += count;
        const auto row = static_cast<std::size_t>(picture_.width()) * 3;
        const auto pixels = picture_.pixels().subspan(first * row, count * row);
        return {pixels.begin(), pixels.end()};
    }

    void progress(double done, const std::string& text) override {
        progress_made.push_back(done);
        progress_texts.push_back(text);
    }
    void begin_changes() override { done.push_back("begin"); }
    void end_changes() override { done.push_back("end"); }
    void remove_earlier() override { done.push_back("remove earlier"); }
    void add_group(const std::string& name) override { done.push_back("group " + name); }
    void add_layer(const plugin::OverlayLayer& overlay) override {
        done.push_back("map " + overlay.name);
        overlays.push_back(overlay);
    }
    void add_layer(const plugin::FrameLayer& frame) override {
        done.push_back("frame " + frame.name);
        frames.push_back(frame);
    }
    void add_guides(const PixelBox& box) override {
        done.push_back("guides");
        boxes.push_back(box);
    }
    void add_path(const std::string& name, const PixelBox& box) override {
        done.push_back("path " + name);
        boxes.push_back(box);
    }
    void attach_note(const std::string& json) override {
        done.push_back("note");
        note = json;
    }
    void crop(const PixelBox& box) override {
        done.push_back("crop");
        boxes.push_back(box);
    }
    void make_image(const PixelBox& box, const std::string& name, const std::string& json) override {
        done.push_back("image " + name);
        boxes.push_back(box);
        note = json;
    }

    bool did(const std::string& what) const {
        return std::find(done.begin(), done.end(), what) != done.end();
    }

    bool colour = true;
    int rows_read = 0;
    std::vector<std::string> done;
    std::vector<double> progress_made;
    std::vector<std::string> progress_texts;
    std::vector<plugin::OverlayLayer> overlays;
    std::vector<plugin::FrameLayer> frames;
    std::vector<PixelBox> boxes;
    std::string note;

private:
    Image picture_;
    PixelBox photo_;
};

}  // namespace piaa::test
