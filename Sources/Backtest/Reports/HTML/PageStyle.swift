/// The look of the page: light and dark, desktops and phones, paper.
///
/// Gains are blue and losses are orange (Okabe and Ito's palette, told apart by people with any colour vision), and every number has
/// its sign besides.
enum PageStyle {
    static let css = """
        :root{--page:#fff;--ink:#1b1e23;--faint:#5b626c;--grid:#e4e7eb;--axis:#8a929c;--gain:#0a62a8;--loss:#b8480a;--mark:#6b3fa0}
        @media (prefers-color-scheme:dark){:root{--page:#14171b;--ink:#e6e9ed;--faint:#9aa3ae;--grid:#2a2f36;--axis:#6b747f;\
        --gain:#64b1ee;--loss:#f0935a;--mark:#c3a0f0}}
        @media print{:root{--page:#fff;--ink:#1b1e23;--faint:#5b626c;--grid:#e4e7eb;--axis:#8a929c;--gain:#0a62a8;--loss:#b8480a;\
        --mark:#6b3fa0}figure,tr{break-inside:avoid}}
        *{box-sizing:border-box}
        body{margin:0 auto;max-width:1028px;padding:28px 24px 48px;background:var(--page);color:var(--ink);\
        font:15px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums}
        h1{font-size:24px;line-height:1.2;margin:0;overflow-wrap:anywhere}
        h2{font-size:18px;margin:36px 0 6px;padding-top:12px;border-top:1px solid var(--grid)}
        h3{font-size:14px;font-weight:600;margin:0}
        p{margin:2px 0 8px;color:var(--faint)}
        section>h3{margin-top:14px}
        .gain{color:var(--gain)}.loss{color:var(--loss)}
        .cards{display:grid;grid-template-columns:repeat(5,1fr);gap:12px;margin-top:22px}
        .cards div{border:1px solid var(--grid);border-radius:6px;padding:10px 12px}
        .cards h3{font-size:13px;font-weight:400;color:var(--faint)}
        .cards b{display:block;font-size:24px;line-height:1.3;font-weight:600}
        .cards p{font-size:13px;margin:0}
        .columns{display:grid;gap:8px 30px}.three{grid-template-columns:repeat(3,1fr)}.two{grid-template-columns:repeat(2,minmax(0,1fr))}
        table{border-collapse:collapse;width:100%;font-size:14px}
        caption{text-align:left;font-weight:600;padding:4px 0}
        th{font-weight:400;color:var(--faint);text-align:right}td{text-align:right}
        .pairs{align-self:start}.pairs th,.facts th{text-align:left}.pairs td,.pairs th{padding:3px 0;border-top:1px solid var(--grid)}
        .facts th{width:12em;vertical-align:top;padding:3px 12px 3px 0}.facts td{text-align:left;overflow-wrap:anywhere}
        .rows{margin:4px 0 10px}.rows td,.rows th{padding:3px 6px;border-bottom:1px solid var(--grid);white-space:nowrap}
        .rows tr:first-child th{white-space:normal;vertical-align:bottom}
        .months td,.months th{padding:4px 2px;text-align:center;font-size:13px;border:1px solid var(--page)}
        .months{table-layout:fixed}.months td:last-child{font-weight:600}
        .g1,.g2,.g3,.g4,.g5{--c:var(--gain)}.l1,.l2,.l3,.l4,.l5{--c:var(--loss)}
        .g1,.l1{background:color-mix(in srgb,var(--c) 8%,var(--page))}.g2,.l2{background:color-mix(in srgb,var(--c) 18%,var(--page))}
        .g3,.l3{background:color-mix(in srgb,var(--c) 29%,var(--page))}.g4,.l4{background:color-mix(in srgb,var(--c) 40%,var(--page))}
        .g5,.l5{background:color-mix(in srgb,var(--c) 50%,var(--page))}
        figure{margin:14px 0 6px}figcaption p{font-size:13px;margin:0 0 4px}
        svg{display:block;width:100%;height:auto;font-size:12px;font-family:inherit}
        .narrow{display:none}
        .grid{stroke:var(--grid)}.axis{stroke:var(--axis)}
        .tick{fill:var(--faint)}.label{fill:var(--ink);font-weight:600;paint-order:stroke;stroke:var(--page);stroke-width:4px}
        path{fill:none;stroke-linejoin:round}
        .curve{stroke:var(--gain);stroke-width:1.5}path.loss{stroke:var(--loss);stroke-width:1}
        .depth{fill:var(--loss);fill-opacity:.22}
        .reference{stroke:var(--faint);stroke-dasharray:4 4}
        .bar,.point{fill:var(--gain)}.bar.loss,.point.loss{fill:var(--loss)}
        .train{fill:var(--page);stroke:var(--faint);stroke-width:1.2}
        .fall{stroke:var(--loss);stroke-opacity:.5}.rise{stroke:var(--gain);stroke-opacity:.5}
        .threshold{stroke:var(--loss);stroke-width:1.5;stroke-dasharray:5 3}.own{stroke:var(--mark);stroke-width:2}
        .trial{fill:var(--gain);fill-opacity:.5}.tried{fill:var(--ink);fill-opacity:.45}
        .chosen{fill:var(--loss);stroke:var(--page);stroke-width:1.5}.best{stroke:var(--loss);stroke-width:2}
        .thread{stroke:var(--faint);stroke-opacity:.16}.thread.best{stroke:var(--gain);stroke-opacity:.6;stroke-width:1.2}
        rect{shape-rendering:crispEdges}.rail{stroke:var(--axis)}.small{font-weight:400;font-size:11px}
        .h0{fill:color-mix(in srgb,var(--gain) 4%,var(--page))}.h1{fill:color-mix(in srgb,var(--gain) 13%,var(--page))}.h2{fill:color-mix(in srgb,var(--gain) 22%,var(--page))}.h3{fill:color-mix(in srgb,var(--gain) 31%,var(--page))}
        .h4{fill:color-mix(in srgb,var(--gain) 40%,var(--page))}.h5{fill:color-mix(in srgb,var(--gain) 49%,var(--page))}.h6{fill:color-mix(in srgb,var(--gain) 58%,var(--page))}.h7{fill:color-mix(in srgb,var(--gain) 67%,var(--page))}
        details{margin-top:10px}summary{cursor:pointer;padding:4px 0;font-weight:600}
        @media (max-width:700px){
        body{padding:20px 16px 36px}
        .wide{display:none}td.wide,th.wide{display:none}.narrow{display:block}
        .cards{grid-template-columns:1fr 1fr}.cards div:last-child{grid-column:1/3}.three,.two{grid-template-columns:minmax(0,1fr)}
        .rows{font-size:13px}.rows td,.rows th{padding:3px}
        .months tbody,.months{display:block}
        .months tr{display:grid;grid-template-columns:2.6em repeat(6,1fr) 3.4em;margin-bottom:5px}
        .months th:first-child,.months th:last-child,.months td:last-child{grid-row:1/3;align-self:stretch;display:grid;place-items:center}
        .months th:first-child{grid-column:1}.months th:last-child,.months td:last-child{grid-column:8}
        .facts th,.facts td{display:block;width:auto;padding:2px 0}
        }
        """
}
