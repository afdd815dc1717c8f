using MudBlazor;

namespace OrleansWings.Dashboard.Layout;

/// <summary>Colours and measures. Every text colour has a contrast of at least 4.5 to 1 on its ground (WCAG AA).</summary>
public static class WingsTheme
{
    private static readonly string[] s_fonts =
        ["Inter", "system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "Arial", "sans-serif"];

    /// <summary>The theme.</summary>
    public static MudTheme Theme { get; } = new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#2f5bd0",
            PrimaryContrastText = "#ffffff",
            Secondary = "#5b6472",
            Background = "#f5f6f8",
            Surface = "#ffffff",
            AppbarBackground = "#ffffff",
            AppbarText = "#1b212b",
            TextPrimary = "#1b212b",
            TextSecondary = "#56606e",
            TextDisabled = "#7b8491",
            ActionDefault = "#56606e",
            ActionDisabled = "#9aa2ad",
            ActionDisabledBackground = "#e6e9ed",
            LinesDefault = "#dfe3e8",
            LinesInputs = "#8a93a0",
            TableLines = "#e6e9ed",
            Divider = "#dfe3e8",
            Success = "#1a7f46",
            Warning = "#8f5b00",
            Error = "#c02b32",
            Info = "#1f6fa8",
            ErrorContrastText = "#ffffff",
        },
        PaletteDark = new PaletteDark
        {
            Primary = "#82a6ff",
            PrimaryContrastText = "#0b1430",
            Secondary = "#a3adbb",
            Black = "#0d1117",
            Background = "#0f131a",
            BackgroundGray = "#0b0e14",
            Surface = "#171c25",
            AppbarBackground = "#131820",
            AppbarText = "#e4e8ee",
            TextPrimary = "#e4e8ee",
            TextSecondary = "#a3adbb",
            TextDisabled = "#7e8896",
            ActionDefault = "#a3adbb",
            ActionDisabled = "#5b6472",
            ActionDisabledBackground = "#222935",
            LinesDefault = "#272f3b",
            LinesInputs = "#5f6b7b",
            TableLines = "#222935",
            Divider = "#272f3b",
            Success = "#4ccb86",
            SuccessContrastText = "#06210f",
            Warning = "#e6ac4d",
            WarningContrastText = "#261a03",
            Error = "#ff7a7f",
            ErrorContrastText = "#2b0507",
            Info = "#6cb8ee",
            InfoContrastText = "#04192a",
        },
        LayoutProperties = new LayoutProperties { AppbarHeight = "48px", DefaultBorderRadius = "6px" },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = s_fonts, FontSize = "0.875rem", LineHeight = "1.45", LetterSpacing = "normal" },
            Body1 = new Body1Typography { FontFamily = s_fonts, FontSize = "0.875rem", LineHeight = "1.45", LetterSpacing = "normal" },
            Body2 = new Body2Typography { FontFamily = s_fonts, FontSize = "0.8125rem", LineHeight = "1.4", LetterSpacing = "normal" },
            Button = new ButtonTypography
            {
                FontFamily = s_fonts,
                FontSize = "0.8125rem",
                FontWeight = "600",
                LineHeight = "1.5",
                LetterSpacing = "normal",
                TextTransform = "none",
            },
        },
    };
}
