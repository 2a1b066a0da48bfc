#pragma once

#include <libgimp/gimp.h>

#include "host.h"

namespace piaa::plugin {

/// GIMP 2.10. Call it from the main thread only: libgimp talks through one pipe.
class Gimp2Host : public Host {
public:
    /// layer: any drawable of the image that is RGB or grey.
    Gimp2Host(gint32 image, gint32 layer) : image_(image), layer_(layer) {}

    Size layer_size() const override;
    Image read_layer(int longest_side) override;
    void progress(double done, const std::string& text) override;
    void begin_changes() override;
    void end_changes() override;
    void add_group(const std::string& name, const OverlayLayer& overlay) override;
    void attach_note(const std::string& json) override;

private:
    gint32 image_;
    gint32 layer_;
};

}  // namespace piaa::plugin
