"""The words that citation keys leave out, and those that tell an organisation from a person."""

from __future__ import annotations

from refman.text.word_lists import word_list

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
    # Indonesian and Malay
    | word_list(
        """adalah akan antara atas atau bagi bahwa dalam dan dapat dari dengan di ini itu juga
        karena ke kepada menurut oleh pada para sebagai secara sebuah serta suatu tentang terhadap
        untuk yang"""
    )
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
