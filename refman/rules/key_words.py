"""The words that citation keys leave out, and those that tell an organisation from a person."""

from __future__ import annotations

from refman.text.word_lists import word_list

_INDONESIAN = word_list(
    """adalah akan antara atas atau bagi bahwa dalam dan dapat dari dengan di ini itu juga
    karena ke kepada menurut oleh pada para sebagai secara sebuah serta suatu tentang terhadap
    untuk yang"""
)
"""Of Indonesian and Malay."""

STOP_WORDS = (
    # English
    word_list(
        """a about above across after against along am among an and are around as at be been
        before behind below beneath beside between beyond but by can could did do does down during
        for from had has have he her his how i if in inside into is it its may might must my near
        nor not of off on onto or our out over per she should since so some than that the their
        them then there these they this those through to toward towards under until up upon us
        using versus via vs was we were what when where whether which while who whose why will
        with within without would you your"""
    )
    | _INDONESIAN
    # German
    | word_list(
        """auf aus bei das dem den der des die ein eine einem einen einer eines fur fuer im ist
        mit nach oder ueber uber und vom von vor zu zum zur"""
    )
    # French, Spanish, Portuguese, Italian, Dutch. Words that begin English titles are not here:
    # `AI`, `no`, `per`, `con`, `sin`.
    | word_list(
        """au aux avec ce ces cette dans de du en entre est et la le les leur ou par pour quand que
        qui sans ses sur un une al como del desde el ella las los para pero por segun sobre su sus
        una uno ao aos das dos em nas nos pelo pela sem um uma alla alle dai dal dalla degli dei
        della delle di gli il nei nel nella sul sulla tra aan als bij door een het met naar over
        tot uit van voor"""
    )
)
"""Articles, prepositions, conjunctions and auxiliaries, as they read in lower-case ASCII."""

ORGANISATION_WORDS = word_list(
    """academy administration advisory agency alliance and assembly association authority badan
    bank board bureau center centre centro club collaboration collaborative college collective
    comision commission committee community company conference congress consortium consorzio
    cooperative corporation council department departemen development dewan dinas directorate
    direktorat division europe european federation for forum foundation fund fundacion
    gesellschaft gmbh government group inc initiative institut institute institutes instituto
    institution international investigators kementerian komisi laboratory lembaga library
    limited llc ltd majelis ministerio ministry mission museum national nations network of office
    online organisation organization panel parliament partnership perpustakaan press program
    programme project pt pusat register registry republic republik research school sekolah
    secretariat service services society state states statistik studies study subcommittee
    survey task team the trial trust union united universidad universitas universitat universite
    university verein working workshop world yayasan"""
)
"""Words, in lower-case ASCII, that stand in the names of organisations and not of people."""

FORMULA_WORDS = _INDONESIAN | word_list(
    """a ab aboard about above across after against al along amid among an and anti around as at
    before behind below beneath beside besides between beyond but by d da das de degli dei del dell
    della delle dello dem den der des despite die do down du during ein eine einem einen einer
    eines el en et except for from gli i il in inside into is l la las le les like lo los near nor
    of off on onto or over past per plus round save since so some sur than the through to toward
    towards un una unas under underneath une unlike uno unos until up upon versus via von while
    with within without yet zu zum"""
)
"""What Better BibTeX leaves out of titles, and the Indonesian words that mean as little."""

PATTERN_WORDS = _INDONESIAN | word_list(
    """a an the above about across against along among around at before behind below beneath
    beside between beyond by down during except for from in inside into like near of off on onto
    since to toward through under until up upon with within without and but nor or so yet"""
)
"""What JabRef leaves out of titles, and the Indonesian words that mean as little."""

VIETNAMESE_FAMILY_NAMES = word_list(
    """nguyen tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly dinh truong doan
    trinh mai dao lam luong ta cao chau ha luu thai to tong quach vuong"""
)
"""The names of nine Vietnamese in ten, which stand first, as they read in lower-case ASCII."""

CHINESE_DOUBLE_NAMES = word_list(
    """欧阳 歐陽 太史 端木 上官 司马 司馬 东方 東方 独孤 獨孤 南宫 南宮 万俟 闻人 聞人 夏侯 诸葛
    諸葛 尉迟 尉遲 公羊 赫连 赫連 澹台 澹臺 皇甫 宗政 濮阳 濮陽 公冶 太叔 申屠 公孙 公孫 慕容 仲孙
    仲孫 钟离 鍾離 长孙 長孫 宇文 司徒 鲜于 鮮于 司空 令狐"""
)
"""The Chinese family names of two characters."""

KOREAN_DOUBLE_NAMES = word_list("남궁 황보 제갈 사공 선우 서문 독고 동방")
"""The Korean family names of two syllables."""
